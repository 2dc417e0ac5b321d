import { statSync, watch, type FSWatcher } from 'node:fs';

/** Calls back soon after a file was written to, renamed or replaced, by inotify; a file that is not there yet is waited for. */
export class FileWatch {
  #watcher: FSWatcher | undefined;
  #identity = '';

  constructor(
    private readonly path: string,
    private readonly onChange: () => void,
  ) {
    this.refresh();
  }

  /** Looks whether another file is in its place by now; call now and then. */
  refresh(): void {
    const identity = identityOf(this.path);
    if (identity === this.#identity && this.#watcher !== undefined) return;
    this.close();
    if (identity === '') return;
    try {
      this.#watcher = watch(this.path, { persistent: false }, (event) => {
        if (event === 'rename') this.#identity = '';
        this.onChange();
      });
      // The watch went (file removed, too many watches): the slow poll goes on and tries again.
      this.#watcher.on('error', () => this.close());
      this.#identity = identity;
    } catch {
      this.close();
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#identity = '';
  }
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return '';
  }
}
