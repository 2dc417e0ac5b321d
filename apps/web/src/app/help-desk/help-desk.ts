import { HttpClient } from '@angular/common/http';
import { Component, computed, type ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatHint, MatInput, MatLabel } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import type { BanResult, HelpDeskAnswer, HelpDeskBan, HelpDeskUnbanRequest } from '@bailiff/contracts/http';
import { tryParseAddress } from '@bailiff/ip';
import { mdiMagnify } from '@mdi/js';
import { firstValueFrom } from 'rxjs';
import { addressPath } from '../address/address-path';
import { MarkedLine } from '../address/marked-line';
import { ApiProblem } from '../api/api-problem';
import { OutcomeList } from '../bans/outcome-list';
import { Flag } from '../display/flag';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { PageHead } from '../display/page-head';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import { HelpDeskWords } from './help-desk-words';

const REASON_MIN = 3;

/** Why somebody is kept out, in plain words, and a way to let them in again with a reason. */
@Component({
  selector: 'bailiff-help-desk',
  imports: [
    Flag,
    Icon,
    MarkedLine,
    MatButton,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    Moment,
    OutcomeList,
    PageHead,
    ProblemNotice,
    RouterLink,
    StatusDot,
  ],
  templateUrl: './help-desk.html',
  styleUrl: './help-desk.scss',
})
export class HelpDesk {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly reasonBox = viewChild<ElementRef<HTMLTextAreaElement>>('reasonBox');
  protected readonly words = inject(HelpDeskWords);
  protected readonly m = inject(MESSAGES).helpDesk;
  protected readonly icons = { search: mdiMagnify };

  protected readonly typed = signal('');
  protected readonly isTried = signal(false);
  protected readonly answer = signal<HelpDeskAnswer | undefined>(undefined);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly reason = signal('');
  protected readonly isReasonMissing = signal(false);
  protected readonly result = signal<BanResult | undefined>(undefined);

  protected readonly canOpen = computed(() => this.session.can('read'));
  protected readonly address = computed(() => tryParseAddress(this.typed().trim()));
  protected readonly isInvalid = computed(() => this.isTried() && this.address() === undefined);
  /** What can be lifted here and now. */
  protected readonly liftable = computed(() => (this.answer()?.bans ?? []).filter(({ network }) => network === null));
  protected readonly failures = computed(() =>
    (this.result()?.outcomes ?? []).filter(({ result }) => result === 'failed' || result === 'unknown'),
  );

  protected pathOf(address: string): readonly string[] {
    return addressPath(address) ?? [];
  }

  protected type(text: string): void {
    this.typed.set(text);
    this.isTried.set(false);
  }

  protected async search(): Promise<void> {
    this.isTried.set(true);
    this.result.set(undefined);
    this.reason.set('');
    this.isReasonMissing.set(false);
    await this.load();
  }

  /** @param ban one place; absent: everywhere */
  protected async unban(ban?: HelpDeskBan): Promise<void> {
    const answer = this.answer();
    const reason = this.reason().trim();
    this.isReasonMissing.set(reason.length < REASON_MIN);
    if (this.isReasonMissing()) this.reasonBox()?.nativeElement.focus();
    if (answer === undefined || this.isReasonMissing() || this.isBusy()) return;
    const request: HelpDeskUnbanRequest = {
      address: answer.address,
      reason,
      ...(ban === undefined ? {} : { places: [{ hostId: ban.hostId, jail: ban.jail }] }),
    };
    this.isBusy.set(true);
    this.problem.set(undefined);
    this.result.set(undefined);
    try {
      this.result.set(await firstValueFrom(this.http.post<BanResult>('api/v1/help-desk/unbans', request)));
      this.isBusy.set(false);
      await this.load();
      this.forgetLifted();
    } catch (error) {
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  private async load(): Promise<void> {
    const address = this.address();
    this.problem.set(undefined);
    if (address === undefined) this.answer.set(undefined);
    if (address === undefined || this.isBusy()) return;
    this.isBusy.set(true);
    try {
      this.answer.set(await firstValueFrom(this.http.get<HelpDeskAnswer>('api/v1/help-desk', { params: { address } })));
    } catch (error) {
      this.answer.set(undefined);
      this.problem.set(ApiProblem.from(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  /** The host tells of a lifted ban a moment after it answered: what it answered counts. */
  private forgetLifted(): void {
    const lifted = (this.result()?.outcomes ?? []).filter(
      ({ result }) => result === 'unbanned' || result === 'unchanged',
    );
    this.answer.update((answer) =>
      answer === undefined
        ? undefined
        : {
            ...answer,
            bans: answer.bans.filter(
              ({ hostId, jail, network }) =>
                network !== null || !lifted.some((each) => each.hostId === hostId && each.jail === jail),
            ),
          },
    );
  }
}
