import { type JailCommands, UnsupportedCommandError } from '@bailiff/fail2ban-protocol';

/** Before 1.1.0 only the kind can be told: it reads files, by whatever means. */
export const FILES = 'files';

/** What a running jail reads its log with: a backend's name, {@link FILES}; undefined when there is no telling. */
export async function backendOf(jail: JailCommands, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await jail.stats({ signal })).backend;
  } catch (error) {
    if (!(error instanceof UnsupportedCommandError)) throw error;
  }
  const { logpaths, journalMatches } = await jail.statusShort({ signal });
  if (journalMatches.length > 0) return 'systemd';
  return logpaths.length > 0 ? FILES : undefined;
}

/**
 * Whether a configured backend is surely another one than the jail runs with. `auto` is whichever reads files.
 * @param configured as the files say, e.g. `auto`, `systemd[journalflags=1]`
 */
export function isOtherBackend(running: string, configured: string): boolean {
  const name = (configured.split('[')[0] ?? '').trim().toLowerCase();
  return name === 'auto' || running === FILES ? (running === 'systemd') !== (name === 'systemd') : name !== running;
}
