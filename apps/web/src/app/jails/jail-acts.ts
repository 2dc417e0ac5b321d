import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import { firstValueFrom } from 'rxjs';
import { MESSAGES } from '../messages/messages';
import { LiveFeed } from '../live/live-feed';
import type { JailActDialogData } from './jail-act-dialog';

const SAID_MS = 8_000;

/** Opens the dialog of an act, and tells the end of those that go on after it was closed. */
@Service()
export class JailActs {
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);
  private readonly live = inject(LiveFeed);
  private readonly all = inject(MESSAGES);

  /** Resolves when the dialog is closed. */
  async open(data: JailActDialogData): Promise<void> {
    const { JailActDialog } = await import('./jail-act-dialog');
    const dialog = this.dialog.open<unknown, JailActDialogData, string>(JailActDialog, { data, width: '640px' });
    const goingOn = await firstValueFrom(dialog.afterClosed());
    if (goingOn !== undefined) this.tellEnd(goingOn);
  }

  private tellEnd(id: string): void {
    const { act: words } = this.all.jail;
    const subscription = this.live.all.subscribe((message) => {
      if (message.type !== 'jail_act' || message.act.id !== id || message.act.state === 'running') return;
      subscription.unsubscribe();
      const { act, jail, state, detail } = message.act;
      const text = words.ended(words.title(act, jail), state === 'done');
      this.snackBar.open(detail === null ? text : `${text}: ${detail.slice(0, 200)}`, this.all.common.close, {
        duration: SAID_MS,
      });
    });
  }
}
