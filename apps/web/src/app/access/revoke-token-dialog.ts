import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { ApiTokenInfo } from '@bailiff/contracts/http';
import { MESSAGES } from '../messages/messages';

/** Asks before a token is revoked. Closes with whether to. */
@Component({
  selector: 'bailiff-revoke-token-dialog',
  imports: [MatButton, MatDialogActions, MatDialogContent, MatDialogTitle],
  template: `<h2 mat-dialog-title class="untrusted">{{ m.revokeTokenTitle(token.name) }}</h2>
    <mat-dialog-content>{{ m.revokeTokenBody }}</mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" (click)="dialog.close(false)">{{ common.cancel }}</button>
      <button matButton="filled" class="danger-button" type="button" (click)="dialog.close(true)">
        {{ common.remove }}
      </button>
    </mat-dialog-actions>`,
})
export class RevokeTokenDialog {
  protected readonly token = inject<ApiTokenInfo>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<RevokeTokenDialog, boolean>>(MatDialogRef);
  protected readonly m = inject(MESSAGES).access;
  protected readonly common = inject(MESSAGES).common;
}
