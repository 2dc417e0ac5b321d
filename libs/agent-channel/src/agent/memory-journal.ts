import type { CommandJournal, CommandOutcome } from './command-journal.js';

/** A journal that forgets when the process ends. For tests. */
export class MemoryJournal implements CommandJournal {
  private readonly outcomes = new Map<string, CommandOutcome>();

  begin(id: string): Promise<'new' | 'seen'> {
    if (this.outcomes.has(id)) return Promise.resolve('seen');
    this.outcomes.set(id, { state: 'begun' });
    return Promise.resolve('new');
  }

  finish(id: string, outcome: CommandOutcome): Promise<void> {
    this.outcomes.set(id, outcome);
    return Promise.resolve();
  }

  outcome(id: string): Promise<CommandOutcome | undefined> {
    return Promise.resolve(this.outcomes.get(id));
  }
}
