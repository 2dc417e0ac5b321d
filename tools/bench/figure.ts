/** One measured figure of a P row, as printed with --json. */
export interface Figure {
  readonly row: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** In words, e.g. `>= 200`. Empty for a figure that only explains another. */
  readonly goal: string;
  /** Whether the goal is met; always true without a goal. */
  readonly holds: boolean;
}

/** Goals that a figure can have. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** Takes the figures of one row as they are measured. */
export type Report = (what: string, value: number, unit: string, goal?: Goal) => void;

/** What the command line asks of the rows. */
export interface BenchOptions {
  /** Bans of a further, larger archive; undefined: none. */
  readonly archiveRows: number | undefined;
  /** How long fail2ban's live file is read, seconds; undefined: as long as the row needs. */
  readonly soakSeconds: number | undefined;
}

/** One P row of the specification, or a part of one. */
export interface BenchRow {
  /** `P` and a number; a letter behind it tells the parts of one row apart. */
  readonly id: string;
  readonly title: string;
  /** How it is measured and with what it is compared, for docs/scale.md. */
  readonly method: string;
  run(report: Report, options: BenchOptions): Promise<void>;
}

/** A figure of a row, held against its goal. */
export function figure(row: string, what: string, value: number, unit: string, goal?: Goal): Figure {
  if (!goal) return { row, what, value: rounded(value), unit, goal: '', holds: true };
  const isLower = 'atMost' in goal;
  const limit = isLower ? goal.atMost : goal.atLeast;
  return {
    row,
    what,
    value: rounded(value),
    unit,
    goal: `${isLower ? '<=' : '>='} ${limit}`,
    holds: isLower ? value <= limit : value >= limit,
  };
}

/** Three significant digits: more would claim what a shared machine cannot show. */
function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}
