/** One thing the doctor looked at. */
export interface Finding {
  readonly what: string;
  /** `missing` stops some command, `optional` does not. */
  readonly state: 'fine' | 'optional' | 'missing';
  /** What was seen. */
  readonly detail: string;
  /** What to do about it; only where something is not fine. */
  readonly remedy?: string;
}

/** All is well. */
export const fine = (what: string, detail: string): Finding => ({ what, state: 'fine', detail });

/** Something can do without it. */
export const optional = (what: string, detail: string, remedy: string): Finding => ({
  what,
  state: 'optional',
  detail,
  remedy,
});

/** Something stops a command. */
export const missing = (what: string, detail: string, remedy: string): Finding => ({
  what,
  state: 'missing',
  detail,
  remedy,
});
