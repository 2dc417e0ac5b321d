import { Service } from '@angular/core';

/** A list that another page has ready for the page that takes lists: too long for its address. */
@Service()
export class ListHandover {
  private file: File | undefined;

  offer(file: File): void {
    this.file = file;
  }

  /** Takes it, once. */
  take(): File | undefined {
    const { file } = this;
    this.file = undefined;
    return file;
  }
}
