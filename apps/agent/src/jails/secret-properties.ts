import type { JailActionProperty } from '@bailiff/contracts/http';

const SECRET = /(?:pass(?:word|wd)?|secret|token|api_?key|auth_?key|credentials?)$/i;
const HIDDEN = '(hidden)';
/** Shorter values are hidden where they stand, but too likely a part of something else to be looked for. */
const MIN_SOUGHT = 6;

/** Hides passwords and keys: where they stand, and where commands repeat them. Whoever may read is not meant to know them. */
export function withoutSecrets(properties: readonly JailActionProperty[]): JailActionProperty[] {
  const secrets = properties.filter(({ name, value }) => SECRET.test(name) && value !== '');
  const sought = secrets.map(({ value }) => value).filter((value) => value.length >= MIN_SOUGHT);
  return properties.map((property) => {
    if (secrets.includes(property)) return { ...property, value: HIDDEN };
    return { ...property, value: sought.reduce((text, secret) => text.replaceAll(secret, HIDDEN), property.value) };
  });
}
