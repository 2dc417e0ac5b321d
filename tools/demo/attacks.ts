import { appendFileSync, statSync, truncateSync } from 'node:fs';

import { attackerAddress } from './addresses.ts';
import { attackLine, demoJails, ordinaryLine, type DemoJail } from './log-lines.ts';
import { Random } from './random.ts';

/** Attackers at work in the first seconds, so that a newcomer need not wait. */
const openingAttackers = 8;
/** Pause between new attackers, milliseconds: a ban every five seconds or so. */
const pauseMs = { min: 2_000, max: 8_000 };
/** Pause before a repeat offender comes back; longer than the first ban of the jails they visit. */
const returnMs = { min: 70_000, max: 180_000 };
const repeatOffenders = 5;
/** Lines of one attacker: always enough for the strictest jail of the demo. */
const linesPerAttack = { min: 4, max: 9 };
const maxLogBytes = 5_000_000;

/** Writes attack lines into the log files of the demo's services, as fast as real ones on a busy public host. */
export class AttackSimulation {
  readonly #random: Random;
  readonly #logs: Readonly<Record<DemoJail, string>>;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param logs log file per jail  @param seed the same seed makes the same attackers */
  constructor(logs: Readonly<Record<DemoJail, string>>, seed: number) {
    this.#logs = logs;
    this.#random = new Random(seed);
  }

  start(): void {
    for (let index = 0; index < openingAttackers; index += 1) {
      const jail = demoJails[index % demoJails.length] ?? 'sshd';
      this.#after(index * 250, () => this.#attack(jail, attackerAddress(this.#random)));
    }
    for (let index = 0; index < repeatOffenders; index += 1) this.#repeat(attackerAddress(this.#random));
    this.#next();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #next(): void {
    this.#after(this.#random.between(pauseMs.min, pauseMs.max), () => {
      // sshd sees the most, as everywhere.
      const jail = this.#random.next() < 0.4 ? 'sshd' : this.#random.pick(demoJails);
      this.#attack(jail, attackerAddress(this.#random));
      this.#background();
      this.#next();
    });
  }

  #repeat(address: string): void {
    const jail = this.#random.pick(['sshd', 'postfix']);
    this.#after(this.#random.between(4_000, 12_000), () => this.#attack(jail, address));
    const comeBack = () => {
      this.#attack(jail, address);
      this.#after(this.#random.between(returnMs.min, returnMs.max), comeBack);
    };
    this.#after(this.#random.between(returnMs.min, returnMs.max), comeBack);
  }

  #attack(jail: DemoJail, address: string): void {
    const lines = this.#random.between(linesPerAttack.min, linesPerAttack.max);
    for (let index = 0; index < lines; index += 1) {
      this.#after(index * this.#random.between(80, 250), () =>
        this.#write(jail, attackLine(jail, address, new Date(), this.#random)),
      );
    }
  }

  /** Visitors who mean no harm, and one who mistyped a password once. */
  #background(): void {
    for (const jail of demoJails) {
      const line = ordinaryLine(jail, attackerAddress(this.#random), new Date(), this.#random);
      if (line !== undefined) this.#write(jail, line);
    }
    if (this.#random.next() < 0.3)
      this.#write('sshd', attackLine('sshd', attackerAddress(this.#random), new Date(), this.#random));
  }

  #write(jail: DemoJail, line: string): void {
    const path = this.#logs[jail];
    if (statSync(path).size > maxLogBytes) truncateSync(path);
    appendFileSync(path, `${line}\n`);
  }

  #after(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer);
  }
}
