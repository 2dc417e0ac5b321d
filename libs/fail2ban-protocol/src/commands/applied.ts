import type { PyValue } from '../codec/py-value.js';
import { stringifyReply } from '../codec/stringify.js';
import { SettingNotAppliedError } from '../errors/connection.errors.js';

/**
 * Compares what a setter answered with what was asked: fail2ban takes many bad values silently.
 * @throws {SettingNotAppliedError} when they differ
 */
export function assertTaken(setting: string, wanted: string | number | boolean | null, reply: PyValue): void {
  if (reply !== wanted) throw new SettingNotAppliedError(setting, String(wanted), stringifyReply(reply));
}

/** @throws {SettingNotAppliedError} unless the answered list holds the item (or, with `present` false, does not) */
export function assertListed(setting: string, item: string, list: readonly PyValue[], present = true): void {
  if (list.includes(item) !== present) {
    throw new SettingNotAppliedError(setting, `${present ? '' : 'no '}${item}`, stringifyReply([...list]));
  }
}
