import { Component, computed, inject, input, model } from '@angular/core';
import { MatFormField, MatInput, MatLabel } from '@angular/material/input';
import { MESSAGES } from '../messages/messages';
import { passwordStrength } from './password-strength';

/** A new password, how strong it is, and the same again; `isGood` says whether it can be taken. */
@Component({
  selector: 'bailiff-password-fields',
  imports: [MatFormField, MatInput, MatLabel],
  template: `<mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ label() || m.password }}</mat-label>
      <input
        #first
        matInput
        type="password"
        name="new-password"
        autocomplete="new-password"
        [value]="password()"
        (input)="password.set(first.value)"
      />
    </mat-form-field>
    <div class="strength" [class]="'s' + strength().score" [class.empty]="password() === ''">
      <div
        class="bars"
        role="meter"
        aria-valuemin="0"
        aria-valuemax="4"
        [attr.aria-label]="m.strengthLabel"
        [attr.aria-valuenow]="strength().score"
        [attr.aria-valuetext]="word()"
      >
        @for (step of [1, 2, 3, 4]; track step) {
          <span [class.on]="password() !== '' && strength().score >= step"></span>
        }
      </div>
      <span class="word">{{ word() }}</span>
      <p class="hint" aria-live="polite">{{ hint() }}</p>
    </div>
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ repeatLabel() || m.repeat }}</mat-label>
      <input
        #second
        matInput
        type="password"
        name="repeat-password"
        autocomplete="new-password"
        [value]="repeated()"
        [attr.aria-invalid]="differs()"
        (input)="repeated.set(second.value)"
      />
    </mat-form-field>
    @if (differs()) {
      <p class="wrong" role="alert">{{ m.mismatch }}</p>
    }`,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    .strength {
      display: grid;
      grid-template-columns: 1fr auto;
      align-items: center;
      gap: 2px 12px;
      min-height: 42px;
      font-size: var(--text-xs);
    }
    .bars {
      display: grid;
      grid-template-columns: repeat(4, 1fr);
      gap: 4px;
    }
    .bars span {
      height: 4px;
      border-radius: 2px;
      background: var(--line-strong);
    }
    .s1 .on {
      background: var(--danger);
    }
    .s2 .on {
      background: var(--warn);
    }
    .s3 .on,
    .s4 .on {
      background: var(--ok);
    }
    .word {
      min-width: 60px;
      color: var(--text-2);
      text-align: end;
    }
    .empty .word {
      visibility: hidden;
    }
    .hint {
      grid-column: 1 / -1;
      min-height: 18px;
      color: var(--text-3);
    }
    .wrong {
      color: var(--danger);
      font-size: var(--text-sm);
    }
  `,
})
export class PasswordFields {
  protected readonly m = inject(MESSAGES).setup;
  readonly label = input('');
  readonly repeatLabel = input('');
  readonly password = model('');
  readonly repeated = model('');

  protected readonly strength = computed(() => passwordStrength(this.password()));
  protected readonly word = computed(() => this.m.strength[this.strength().score] ?? '');
  protected readonly hint = computed(() =>
    this.password() === '' ? this.m.strengthHints.short : this.m.strengthHints[this.strength().hint],
  );
  protected readonly differs = computed(() => this.repeated() !== '' && this.repeated() !== this.password());
  /** Whether the password is strong enough and was repeated right. */
  readonly isGood = computed(() => this.strength().score >= 2 && this.repeated() === this.password());
}
