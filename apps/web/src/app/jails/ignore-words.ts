import { mayBeExempt, tryParseNetwork } from '@bailiff/ip';

const HOST_NAME = /^(?!-)(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;

/** Entries typed into one box: canonical where they are addresses, and those that are nothing a jail could ignore. */
export function readIgnoreWords(text: string): {
  readonly entries: readonly string[];
  readonly invalid: readonly string[];
} {
  const words = [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];
  const entries = words.flatMap((word) => {
    const network = tryParseNetwork(word);
    if (network !== undefined) return mayBeExempt(network) ? network : [];
    return HOST_NAME.test(word) && !/^[\d.]+$/.test(word) ? word : [];
  });
  const invalid = words.filter((word) => !entries.includes(tryParseNetwork(word) ?? word));
  return { entries: [...new Set(entries)], invalid };
}
