/** What a {@link LineBuffer} held. */
export interface TakenLines {
  readonly lines: readonly string[];
  /** Lost before them. */
  readonly dropped: number;
}

/** Keeps the newest lines within a number of lines and of characters; counts those it had to let go. */
export class LineBuffer {
  private lines: string[] = [];
  private characters = 0;
  private dropped = 0;

  constructor(
    private readonly maxLines: number,
    private readonly maxCharacters: number,
  ) {}

  /** Whether there is nothing to tell. */
  get isEmpty(): boolean {
    return this.lines.length === 0 && this.dropped === 0;
  }

  push(line: string): void {
    this.lines.push(line);
    this.characters += line.length;
    while (this.lines.length > this.maxLines || this.characters > this.maxCharacters) {
      this.characters -= this.lines.shift()?.length ?? 0;
      this.dropped += 1;
    }
  }

  /** Everything held, oldest first; nothing is held afterwards. */
  take(): TakenLines {
    const taken = { lines: this.lines, dropped: this.dropped };
    this.lines = [];
    this.characters = 0;
    this.dropped = 0;
    return taken;
  }
}
