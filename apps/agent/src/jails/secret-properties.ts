import type { JailActionProperty } from '@bailiff/contracts/http';

/** Names of the actions that fail2ban brings, and what people call theirs. A path to a key is none. */
const SECRET =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|auth_?key|(?:^|_)key|auth|bearer|credentials?|webhook(?:_?url)?)$/i;
/** Secrets that stand in a command itself: credentials of a header, of a URL, of curl. What is named by a tag is a property. */
const LITERALS: readonly RegExp[] = [
  /(?<=\bauthorization: ?(?:basic|bearer|token) )[^\s'"<>]+/gi,
  /(?<=\b(?:x-)?(?:api-key|auth-key|auth-token|key|token): ?)[^\s'"<>]{6,}/gi,
  /(?<=:\/\/[^\s/:@'"<>]{1,100}:)[^\s/@'"<>]+(?=@)/g,
  /(?<=\s(?:-u|--user)[ =]?['"]?[^\s:'"<>]{1,100}:)[^\s'"<>]+/g,
];
const HIDDEN = '(hidden)';
/** Shorter values are hidden where they stand, but too likely a part of something else to be looked for. */
const MIN_SOUGHT = 6;

/** Hides passwords and keys: where they stand, and where commands repeat them. Whoever may read is not meant to know them. */
export function withoutSecrets(properties: readonly JailActionProperty[]): JailActionProperty[] {
  const secrets = properties.filter(({ name, value }) => SECRET.test(name) && value !== '');
  const sought = secrets.map(({ value }) => value).filter((value) => value.length >= MIN_SOUGHT);
  return properties.map((property) => {
    if (secrets.includes(property)) return { ...property, value: HIDDEN };
    const plain = sought.reduce((text, secret) => text.replaceAll(secret, HIDDEN), property.value);
    return { ...property, value: LITERALS.reduce((text, pattern) => text.replace(pattern, HIDDEN), plain) };
  });
}
