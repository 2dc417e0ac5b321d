const COMMON = new Set(
  `123456 12345678 123456789 1234567890 password password1 password123 passw0rd qwerty qwerty123 qwertyuiop 1q2w3e4r 1qaz2wsx
   abc123 letmein welcome welcome1 admin admin123 administrator root toor changeme default secret iloveyou monkey dragon
   football baseball master sunshine princess superman batman trustno1 hello123 whatever starwars 111111 000000 654321 zaq12wsx
   p@ssw0rd p@ssword passwort hallo123 schalke04 sommer2024 winter2024 test1234 guest login server`.split(/\s+/),
);
const CONTEXT = /bailiff|fail2ban|admin|password|passwort|server|console/g;
const SEQUENCES = 'abcdefghijklmnopqrstuvwxyz 0123456789 qwertyuiop asdfghjkl zxcvbnm';

/** Why a password is not better than it is; `ok` when there is nothing to say. */
export type StrengthHint = 'short' | 'common' | 'repeated' | 'context' | 'ok';

export interface PasswordStrength {
  /** 0 too weak to 4 strong; 2 and above is accepted. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  readonly hint: StrengthHint;
}

/**
 * Rough guess of how hard a password is to guess, in bits: characters that carry information times the bits of the alphabet
 * used. Only the browser can check this, since the server never sees the password.
 */
export function passwordStrength(password: string): PasswordStrength {
  const lower = password.toLowerCase();
  if (COMMON.has(lower) || COMMON.has(lower.replace(/[\d!.]+$/, ''))) return { score: 0, hint: 'common' };
  const withoutContext = lower.replace(CONTEXT, '*');
  const effective = informativeLength(withoutContext);
  const bits = effective * Math.log2(alphabetSize(password));
  const score =
    password.length < 10 ? (bits >= 45 ? 1 : 0) : bits < 38 ? 0 : bits < 46 ? 1 : bits < 60 ? 2 : bits < 78 ? 3 : 4;
  if (score >= 3) return { score, hint: 'ok' };
  if (password.length < 10) return { score, hint: 'short' };
  if (withoutContext !== lower) return { score, hint: 'context' };
  return { score, hint: effective < password.length * 0.75 ? 'repeated' : score < 2 ? 'short' : 'ok' };
}

/** Length without what follows from the character before: repeats and runs such as `abc`, `321`, `asd`. */
function informativeLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const pair = text.slice(i - 1, i + 1);
    const follows = i > 0 && (pair[0] === pair[1] || isStep(pair));
    length += follows ? 0.25 : 1;
  }
  return length;
}

function isStep(pair: string): boolean {
  return SEQUENCES.includes(pair) || SEQUENCES.includes([...pair].reverse().join(''));
}

function alphabetSize(password: string): number {
  let size = 0;
  if (/[a-z]/.test(password)) size += 26;
  if (/[A-Z]/.test(password)) size += 26;
  if (/\d/.test(password)) size += 10;
  if (/[^A-Za-z0-9]/.test(password)) size += 33;
  return Math.max(size, 2);
}
