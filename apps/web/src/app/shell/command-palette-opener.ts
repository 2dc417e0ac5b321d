import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MESSAGES } from '../messages/messages';

/** Opens the command palette; its code is loaded the first time. */
@Service()
export class CommandPaletteOpener {
  private readonly dialog = inject(MatDialog);
  private readonly label = inject(MESSAGES).shell.search.label;
  private isOpen = false;

  async open(): Promise<void> {
    if (this.isOpen) return;
    this.isOpen = true;
    const { CommandPalette } = await import('./command-palette');
    this.dialog
      .open(CommandPalette, {
        width: '600px',
        maxWidth: '94vw',
        position: { top: '12vh' },
        ariaLabel: this.label,
        enterAnimationDuration: 80,
        exitAnimationDuration: 60,
        panelClass: 'palette',
      })
      .afterClosed()
      .subscribe(() => {
        this.isOpen = false;
      });
  }
}
