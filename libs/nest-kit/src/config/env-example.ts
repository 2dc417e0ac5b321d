import { envBindings } from './env.decorator.js';

/**
 * Renders `.env.example` from config classes, so that the file can't drift from the code.
 * @param sections title and class of each app, in the order they are to appear.
 */
export function renderEnvExample(
  sections: readonly { readonly title: string; readonly type: new () => object }[],
): string {
  const lines = ['# Every setting Bailiff reads, with its default. Made by `pnpm env-example`; do not edit by hand.'];
  for (const { title, type } of sections) {
    lines.push('', `# --- ${title}`);
    const defaults = new type();
    for (const { property, variable, secret, about } of envBindings(type)) {
      if (about !== '') lines.push(`# ${about}`);
      if (secret) lines.push(`# May also come from the file named by ${variable}_FILE.`);
      const value: unknown = Reflect.get(defaults, property);
      lines.push(`#${variable}=${secret ? '' : textOf(value)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
