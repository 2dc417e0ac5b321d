import { signal, type WritableSignal } from '@angular/core';

/** Row height. */
export type Density = 'compact' | 'roomy';

interface Stored {
  readonly density: Density;
  /** Columns taken out or put in by the operator. */
  readonly columns: Readonly<Record<string, boolean>>;
}

const DEFAULTS: Stored = { density: 'compact', columns: {} };

/** How the operator likes one table, kept in this browser. */
export class TablePreferences {
  private readonly state: WritableSignal<Stored>;

  constructor(private readonly name: string) {
    this.state = signal(this.read());
  }

  density(): Density {
    return this.state().density;
  }

  /** undefined: as the column says. */
  isShown(column: string): boolean | undefined {
    return this.state().columns[column];
  }

  setDensity(density: Density): void {
    this.write({ ...this.state(), density });
  }

  setShown(column: string, shown: boolean): void {
    this.write({ ...this.state(), columns: { ...this.state().columns, [column]: shown } });
  }

  private read(): Stored {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.slot()) ?? '{}');
      return typeof stored === 'object' && stored !== null ? { ...DEFAULTS, ...stored } : DEFAULTS;
    } catch {
      // Storage forbidden or its text damaged: neither is worth more than the defaults.
      return DEFAULTS;
    }
  }

  private write(next: Stored): void {
    this.state.set(next);
    try {
      localStorage.setItem(this.slot(), JSON.stringify(next));
    } catch {
      // Not kept for next time, then.
    }
  }

  private slot(): string {
    return `bailiff.table.${this.name}`;
  }
}
