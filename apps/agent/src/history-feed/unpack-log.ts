import { spawnSync } from 'node:child_process';
import { accessSync, constants as files } from 'node:fs';
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';

/** How the name of a log ends that was compressed after its rotation. */
export type PackedEnding = '.gz' | '.zst' | '.xz';

const ENDINGS: readonly PackedEnding[] = ['.gz', '.zst', '.xz'];
/** Largest compressed log that is unpacked, and largest text of one, bytes: it is held in memory while it is read. */
export const MAX_PACKED_BYTES = 8 << 20;
const MAX_TEXT_BYTES = 32 << 20;
/** How far back a text may refer, as a power of two: 32 MiB, which is more than any level but the "ultra" ones uses. */
const MAX_ZSTD_WINDOW = 25;
/** What `xz -9` needs is 65 MiB. */
const XZ_ARGS = ['--decompress', '--stdout', '--threads=1', '--memlimit-decompress=80MiB', '--quiet'];
const XZ_MS = 10_000;
const XZ_PATHS = ['/usr/bin/xz', '/bin/xz', '/usr/local/bin/xz'];

/** What a log's name says of how it was compressed; undefined: not at all. */
export function packedEnding(path: string): PackedEnding | undefined {
  return ENDINGS.find((ending) => path.endsWith(ending));
}

/** Where this host has xz; undefined when it has none. Node reads the other two forms itself. */
export function findXz(paths: readonly string[] = XZ_PATHS): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, files.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The text of a compressed log; empty when it is cut off, too large, broken, or nothing here can read it. */
export function unpackLog(packed: Buffer, ending: PackedEnding, xz = findXz()): Buffer {
  if (packed.length > MAX_PACKED_BYTES) return Buffer.alloc(0);
  try {
    if (ending === '.gz') return gunzipSync(packed, { maxOutputLength: MAX_TEXT_BYTES });
    if (ending === '.xz') return xz === undefined ? Buffer.alloc(0) : unpackXz(packed, xz);
    return unpackZstd(packed);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Frame by frame, which Node's own function does not: it is content with the first. */
function unpackZstd(packed: Buffer): Buffer {
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_ZSTD_WINDOW };
  const parts: Buffer[] = [];
  let room = MAX_TEXT_BYTES;
  for (let offset = 0; offset < packed.length || offset === 0;) {
    const options = { maxOutputLength: Math.max(1, room), params, info: true };
    const frame: unknown = zstdDecompressSync(packed.subarray(offset), options);
    const { buffer, engine } = frame as { buffer: Buffer; engine: { bytesWritten: number } };
    parts.push(buffer);
    room -= buffer.length;
    offset += engine.bytesWritten;
    if (engine.bytesWritten === 0 || room < 0) return Buffer.alloc(0);
  }
  return Buffer.concat(parts);
}

function unpackXz(packed: Buffer, xz: string): Buffer {
  const { status, stdout } = spawnSync(xz, XZ_ARGS, {
    input: packed,
    env: {},
    cwd: '/',
    maxBuffer: MAX_TEXT_BYTES,
    timeout: XZ_MS,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : Buffer.alloc(0);
}
