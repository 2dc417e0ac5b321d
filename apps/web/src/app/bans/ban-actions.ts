import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type {
  BanCheck,
  BanCheckRequest,
  BanOutcome,
  BanRequest,
  BanResult,
  UnbanRequest,
} from '@bailiff/contracts/http';
import { firstValueFrom } from 'rxjs';
import { ApiProblem } from '../api/api-problem';
import { MESSAGES } from '../messages/messages';
import { isWatchedOnly } from '../jails/watched-only';
import type { BanDialogData } from './ban-dialog';
import { type BanTarget, groupLifted, groupTargets, liftedTargets } from './ban-target';
import type { UnbanDialogData } from './unban-dialog';

const SAID_MS = 8_000;

/** Bans and unbans from anywhere in the console: the requests, their dialogs (loaded when first used), and the way back. */
@Service()
export class BanActions {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);
  private readonly m = inject(MESSAGES);

  ban(request: BanRequest): Promise<BanResult> {
    return firstValueFrom(this.http.post<BanResult>('api/v1/bans', request));
  }

  /** What a ban would mean. Bans nothing. */
  check(request: BanCheckRequest): Promise<BanCheck> {
    return firstValueFrom(this.http.post<BanCheck>('api/v1/bans/check', request));
  }

  unban(request: UnbanRequest): Promise<BanResult> {
    return firstValueFrom(this.http.post<BanResult>('api/v1/unbans', request));
  }

  /** Lifts exactly these bans, portion by portion. `progress` is told how many addresses have been answered for. */
  async unbanTargets(targets: readonly BanTarget[], progress?: (done: number) => void): Promise<readonly BanOutcome[]> {
    const outcomes: BanOutcome[] = [];
    let done = 0;
    for (const { hostId, jail, addresses } of groupTargets(targets)) {
      done += addresses.length;
      if (isWatchedOnly(jail)) {
        outcomes.push(...this.refused(hostId, jail, addresses));
        continue;
      }
      const result = await this.unban({ hostIds: [hostId], jails: [jail], addresses: [...addresses] });
      outcomes.push(...result.outcomes);
      progress?.(done);
    }
    return outcomes;
  }

  /** Lifts one ban at once; the snackbar offers to take it back. */
  async unbanNow(target: BanTarget): Promise<void> {
    try {
      this.report(await this.unbanTargets([target]));
    } catch (error) {
      this.sayProblem(error);
    }
  }

  async openBan(data: BanDialogData = {}): Promise<void> {
    const { BanDialog } = await import('./ban-dialog');
    this.dialog.open(BanDialog, { data, width: '520px', autoFocus: 'first-tabbable' });
  }

  /** @returns whether the bans were lifted */
  async openUnban(data: UnbanDialogData): Promise<boolean> {
    const { UnbanDialog } = await import('./unban-dialog');
    const closed = this.dialog
      .open<unknown, UnbanDialogData, boolean>(UnbanDialog, { data, width: '520px' })
      .afterClosed();
    return (await firstValueFrom(closed)) === true;
  }

  async openUnbanAddress(address = ''): Promise<void> {
    const { UnbanAddressDialog } = await import('./unban-address-dialog');
    this.dialog.open(UnbanAddressDialog, { data: { address }, width: '480px', autoFocus: 'first-tabbable' });
  }

  /** Says in the snackbar what was done, with Undo where something was. */
  report(outcomes: readonly BanOutcome[]): void {
    const changed = outcomes.filter(({ result }) => result === 'banned' || result === 'unbanned');
    const [first] = changed;
    if (this.sayFailures(outcomes)) return;
    if (first === undefined) {
      this.say(this.m.bans.result.nothing);
      return;
    }
    const isBack = first.result === 'banned' || liftedTargets(changed).length > 0;
    this.say(this.describe(changed, first), isBack ? () => this.undo(changed) : undefined);
  }

  /** Whether there were any. */
  private sayFailures(outcomes: readonly BanOutcome[]): boolean {
    const failed = outcomes.filter(({ result }) => result === 'failed' || result === 'unknown');
    const changed = outcomes.filter(({ result }) => result === 'banned' || result === 'unbanned');
    if (failed.length === 0) return false;
    const title = this.m.bans.result.failedTitle(failed.length, changed.length);
    this.say(`${title}${failed[0]?.detail ? `: ${failed[0].detail}` : ''}`);
    return true;
  }

  private describe(changed: readonly BanOutcome[], first: BanOutcome): string {
    const words = this.m.bans.result;
    const isBan = first.result === 'banned';
    if (changed.length > 1) return isBan ? words.bannedMany(changed.length) : words.unbannedMany(changed.length);
    return isBan ? words.banned(first.address ?? '', first.jail ?? '') : words.unbanned(first.address ?? '');
  }

  private say(text: string, undo?: () => Promise<void>): void {
    const shown = this.snackBar.open(text, undo === undefined ? this.m.common.close : this.m.common.undo, {
      duration: SAID_MS,
    });
    if (undo !== undefined) shown.onAction().subscribe(() => void undo());
  }

  private sayProblem(error: unknown): void {
    const problem = ApiProblem.from(error);
    const { title, advice } = this.m.problems[problem.code];
    this.say(`${title}. ${problem.detail || advice}`);
  }

  private async undo(changed: readonly BanOutcome[]): Promise<void> {
    try {
      const outcomes = changed[0]?.result === 'banned' ? await this.liftAgain(changed) : await this.putBack(changed);
      if (!this.sayFailures(outcomes)) this.say(this.m.bans.result.undone);
    } catch (error) {
      this.sayProblem(error);
    }
  }

  private liftAgain(banned: readonly BanOutcome[]): Promise<readonly BanOutcome[]> {
    return this.unbanTargets(
      banned.flatMap(({ hostId, jail, address }) =>
        jail === null || address === null ? [] : [{ hostId, jail, address }],
      ),
    );
  }

  /** What becomes of addresses in a jail that no act may name. */
  private refused(hostId: string, jail: string, addresses: readonly string[]): BanOutcome[] {
    const detail = this.m.jails.watchedOnlyAct(jail);
    const outcome = { hostId, jail, result: 'failed', code: 'jail/unsafe-name', detail } as const;
    return addresses.map((address) => ({ ...outcome, address }));
  }

  /** Bans again what was lifted, for the time that each ban had left. */
  private async putBack(lifted: readonly BanOutcome[]): Promise<readonly BanOutcome[]> {
    const outcomes: BanOutcome[] = [];
    for (const { hostId, jail, addresses, durationSeconds, reason } of groupLifted(liftedTargets(lifted))) {
      if (isWatchedOnly(jail)) {
        outcomes.push(...this.refused(hostId, jail, addresses));
        continue;
      }
      const result = await this.ban({
        hostIds: [hostId],
        jails: [jail],
        addresses: [...addresses],
        ...(durationSeconds === undefined ? {} : { durationSeconds }),
        ...(reason === undefined ? {} : { reason }),
      });
      outcomes.push(...result.outcomes);
    }
    return outcomes;
  }
}
