import { Component, computed, inject, input } from '@angular/core';
import type { JailDetail } from '@bailiff/contracts/http';
import { Fact } from '../display/fact';
import { Format } from '../display/format';
import { MESSAGES } from '../messages/messages';

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Every setting of a jail, as fail2ban has it. */
@Component({
  selector: 'bailiff-jail-settings',
  imports: [Fact],
  template: `@for (group of groups(); track group.title) {
    <section class="card">
      <h2>{{ group.title }}</h2>
      @for (setting of group.settings; track setting.name) {
        <bailiff-fact [name]="setting.name">{{ setting.value }}</bailiff-fact>
      }
      @if (group.note) {
        <p class="muted">{{ group.note }}</p>
      }
    </section>
  }`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
      gap: 12px;
      align-items: start;
    }
    section {
      min-width: 0;
      padding: 14px 16px;
    }
    bailiff-fact {
      grid-template-columns: 150px minmax(0, 1fr);
    }
  `,
})
export class JailSettingsView {
  private readonly format = inject(Format);
  private readonly all = inject(MESSAGES);
  protected readonly m = this.all.jail.settings;
  readonly detail = input.required<JailDetail>();

  protected readonly groups = computed<readonly { title: string; settings: readonly Setting[]; note?: string }[]>(
    () => {
      const { settings: s, escalation: e, backend } = this.detail();
      const { jails, jail } = this.all;
      const duration = (seconds: number | null) => (seconds === null ? jail.unset : this.format.duration(seconds));
      const text = (value: string | null) => (value === null || value === '' ? jail.unset : value);
      const flag = (value: boolean | null) => (value === null ? jail.unset : value ? jail.yes : jail.no);
      const date = s.datepattern === null ? jail.unset : (s.datepattern.pattern ?? this.m.datepatternDefault);
      return [
        {
          title: this.m.detection,
          settings: [
            { name: jails.maxretry, value: this.format.number(s.maxretry) },
            { name: jails.findtime, value: duration(s.findtimeSeconds) },
            { name: jails.bantime, value: duration(s.bantimeSeconds) },
            { name: this.m.maxmatches, value: this.format.number(s.maxmatches) },
            { name: jail.ignore.ignoreselfTitle, value: flag(s.ignoreself) },
            { name: this.m.ignorecommand, value: text(s.ignorecommand) },
            { name: this.m.ignorecache, value: text(s.ignorecache) },
          ],
        },
        {
          title: this.m.reading,
          settings: [
            { name: jails.backend, value: text(backend) },
            { name: this.m.logencoding, value: text(s.logencoding) },
            { name: this.m.logtimezone, value: s.logtimezone ?? this.m.server },
            { name: this.m.datepattern, value: date },
            { name: this.m.maxlines, value: this.format.number(s.maxlines) },
            { name: this.m.usedns, value: text(s.usedns) },
            { name: this.m.journalmatch, value: text(s.journalmatch.join(' + ')) },
          ],
        },
        {
          title: this.m.escalation,
          settings: [
            { name: this.m.increment, value: flag(e.increment ?? false) },
            { name: this.m.factor, value: text(e.factor) },
            { name: this.m.formula, value: text(e.formula) },
            { name: this.m.multipliers, value: text(e.multipliers) },
            { name: this.m.maxtime, value: duration(e.maxtimeSeconds) },
            { name: this.m.rndtime, value: duration(e.rndtimeSeconds) },
            { name: this.m.overalljails, value: flag(e.overalljails) },
          ].filter(({ value }, index) => index === 0 || e.increment === true || value !== jail.unset),
          note: e.increment === true ? '' : this.m.escalationOff,
        },
      ];
    },
  );
}
