const STREAM_ID = /^(\d{1,20})-(\d{1,20})$/;

/** Whether `value` is an entry id of a Redis stream. */
export function isStreamId(value: string): boolean {
  return STREAM_ID.test(value);
}

/** Negative when `a` stands before `b`; ids are compared as two 64-bit numbers. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  if (aMs !== bMs) return BigInt(aMs) < BigInt(bMs) ? -1 : 1;
  if (aSeq !== bSeq) return BigInt(aSeq) < BigInt(bSeq) ? -1 : 1;
  return 0;
}

/** Milliseconds part of an id. */
export function streamIdMs(id: string): number {
  return Number(id.split('-')[0]);
}
