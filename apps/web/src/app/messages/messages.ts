import { InjectionToken } from '@angular/core';
import { en } from './en';

/**
 * Every text of the web app. A typed catalogue instead of Angular's build-time i18n: one build serves all languages (so a
 * sub-path or an air-gapped copy needs no second bundle), a missing or misspelt text is a compile error, and plurals are
 * plain functions. Another language is a file that `satisfies Messages`, loaded before bootstrap and provided here.
 */
export type Messages = typeof en;

/** The catalogue in use; English unless another is provided at bootstrap. */
export const MESSAGES = new InjectionToken<Messages>('MESSAGES', { factory: () => en });
