import { MalformedReplyError } from '../errors/malformed-reply.error.js';

const FORM = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/;

/** Version of a running fail2ban, e.g. `1.0.2` or `1.1.2.dev1`. */
export class Fail2banVersion {
  private constructor(
    readonly text: string,
    readonly major: number,
    readonly minor: number,
    readonly patch: number,
  ) {}

  /** @throws {MalformedReplyError} when the text does not begin with a version number */
  static parse(text: string): Fail2banVersion {
    const match = FORM.exec(text);
    if (match === null) throw new MalformedReplyError('no version number');
    return new Fail2banVersion(text.slice(0, 40), Number(match[1]), Number(match[2]), Number(match[3] ?? 0));
  }

  /** Whether this is the given version (`major.minor.patch`) or a later one. */
  atLeast(wanted: string): boolean {
    const other = Fail2banVersion.parse(wanted);
    const difference = this.major - other.major || this.minor - other.minor || this.patch - other.patch;
    return difference >= 0;
  }
}
