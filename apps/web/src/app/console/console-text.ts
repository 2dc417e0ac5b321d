import { CONSOLE_LEVELS, type ConsoleLevel, type ConsoleLine } from '@bailiff/contracts/http/console';

/** `hostId=abc durationMs=12` */
export function fieldsText({ fields }: ConsoleLine): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

/** The whole line as copied: one line of text, its time in UTC. */
export function lineText(line: ConsoleLine): string {
  const { at, level, context, message, error, correlationId } = line;
  const parts = [
    at,
    level.toUpperCase().padEnd(5),
    context === null ? '' : `[${context}]`,
    message,
    error ?? '',
    fieldsText(line),
    correlationId === null ? '' : `correlationId=${correlationId}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Whether a line is at least that severe and holds the text, in any letter case. */
export function isWanted(line: ConsoleLine, least: ConsoleLevel, text: string): boolean {
  if (CONSOLE_LEVELS.indexOf(line.level) < CONSOLE_LEVELS.indexOf(least)) return false;
  return text === '' || lineText(line).toLowerCase().includes(text.toLowerCase());
}
