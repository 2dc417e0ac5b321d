import { Component, computed, inject, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { LookupInfo } from '@bailiff/contracts/http';
import { mdiRefresh } from '@mdi/js';
import { Fact } from '../display/fact';
import { Flag } from '../display/flag';
import { Icon } from '../display/icon';
import { Moment } from '../display/moment';
import { ProblemNotice } from '../display/problem-notice';
import { StatusDot, type Tone } from '../display/status-dot';
import { MESSAGES } from '../messages/messages';
import { Session } from '../session/session';
import type { LookupData } from './address-api';

/** What registries, name servers and reputation services say, each with its age and a way to ask again. */
@Component({
  selector: 'bailiff-address-lookups',
  imports: [Fact, Flag, Icon, MatButton, MatIconButton, Moment, ProblemNotice, RouterLink, StatusDot],
  templateUrl: './address-lookups.html',
  styleUrl: './address-lookups.scss',
})
export class AddressLookups {
  protected readonly m = inject(MESSAGES).address.lookups;
  protected readonly country = inject(MESSAGES).address.country;
  protected readonly session = inject(Session);
  protected readonly icons = { refresh: mdiRefresh };
  readonly data = input.required<LookupData>();

  /** Nobody is asked about it at all. */
  protected readonly isReserved = computed(
    () =>
      this.data()
        .all()
        ?.every(({ state }) => state === 'not-public') === true,
  );

  /** Whether asking makes sense at all. */
  protected canAsk({ state }: LookupInfo): boolean {
    return ['not-asked', 'found', 'nothing', 'failed'].includes(state);
  }

  protected ask({ kind, state }: LookupInfo): void {
    void this.data().ask([kind], state !== 'not-asked');
  }

  protected scoreTone(score: number): Tone {
    return score >= 75 ? 'danger' : score >= 25 ? 'warn' : 'ok';
  }
}
