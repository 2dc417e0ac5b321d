/** Largest message on the wire, envelope included, bytes. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Largest value (arguments or result) carried in parts, bytes of JSON. */
export const MAX_VALUE_BYTES = 8 * 1024 * 1024;
/** Longest life of a command that an agent accepts, milliseconds. */
export const MAX_TTL_MS = 120_000;
/** How much longer than a command's life its caller waits for the answer, milliseconds. */
export const ANSWER_GRACE_MS = 1_500;
/** A welcome is believed this long after its hello, milliseconds. */
export const WELCOME_WITHIN_MS = 5_000;
/** Bytes of JSON text per part: base64 of it plus the other fields stays below `MAX_MESSAGE_BYTES`. */
export const CHUNK_BYTES = 180 * 1024;
/** Most parts of one value. */
export const MAX_CHUNKS = Math.ceil(MAX_VALUE_BYTES / CHUNK_BYTES);
