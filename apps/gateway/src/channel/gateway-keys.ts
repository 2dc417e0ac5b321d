import { generateGatewayKeys, loadGatewayKeys, serialiseGatewayKeys, type GatewayKeys } from '@bailiff/agent-channel';
import { join } from 'node:path';
import { GatewayKeysFileError } from './gateway-keys.errors.js';
import { createPrivateFile, readPrivateFile } from './private-file.js';

/** Name of the key file in the data directory. */
export const GATEWAY_KEYS_FILE = 'gateway-keys.json';

/**
 * The keys that sign and seal every command. Made once, at the first start; afterwards only read. Losing them means that
 * every agent has to be enrolled again, so a file that is there but unusable is never replaced.
 * @throws {GatewayKeysFileError} when the file belongs to somebody else, is open to others, or does not hold keys
 */
export async function openGatewayKeys(dataDir: string): Promise<GatewayKeys> {
  const path = join(dataDir, GATEWAY_KEYS_FILE);
  const refuse = (why: string) => new GatewayKeysFileError(path, why);
  const existing = await readPrivateFile(path, refuse);
  if (existing !== undefined) return parse(path, existing);
  await createPrivateFile(path, JSON.stringify(serialiseGatewayKeys(generateGatewayKeys())));
  // Another copy of the gateway may have been quicker: what is in the file now is what counts.
  const made = await readPrivateFile(path, refuse);
  if (made === undefined) throw refuse('vanished right after it was made');
  return parse(path, made);
}

function parse(path: string, text: string): GatewayKeys {
  try {
    return loadGatewayKeys(JSON.parse(text));
  } catch (error) {
    // No cause for malformed JSON: its message quotes the file.
    throw new GatewayKeysFileError(
      path,
      'does not hold gateway keys',
      error instanceof SyntaxError ? {} : { cause: error },
    );
  }
}
