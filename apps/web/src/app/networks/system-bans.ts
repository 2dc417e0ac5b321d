import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { SystemDialogData } from './system-dialog';

/** Bans of everything an autonomous system announces, from wherever one is shown. */
@Service()
export class SystemBans {
  private readonly dialog = inject(MatDialog);

  /** Shows what it announces, and where to go on from there. Bans nothing by itself. */
  async open(data: SystemDialogData): Promise<void> {
    const { SystemDialog } = await import('./system-dialog');
    this.dialog.open(SystemDialog, { data, width: '480px', autoFocus: 'first-tabbable' });
  }
}
