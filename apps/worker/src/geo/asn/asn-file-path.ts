import { join } from 'node:path';

/** Where the build puts the file of AS numbers: beside the compiled code, from the sources as well as from `dist`. */
export const ASN_FILE_PATH = join(import.meta.dirname, '../../../dist/data/asn.bin');
