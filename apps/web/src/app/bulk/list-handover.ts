import { Service } from '@angular/core';

/** A list, and where it is meant for as far as that is known. */
export interface HandedList {
  readonly file: File;
  readonly hostIds?: readonly string[];
  readonly jails?: readonly string[];
}

/** A list that another page has ready for the page that takes lists: too long for its address. */
@Service()
export class ListHandover {
  private list: HandedList | undefined;

  offer(list: HandedList): void {
    this.list = list;
  }

  /** Takes it, once. */
  take(): HandedList | undefined {
    const { list } = this;
    this.list = undefined;
    return list;
  }
}
