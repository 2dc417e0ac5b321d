const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1536` as `1.5 kB`. */
export function byteText(bytes: number): string {
  let [value, unit] = [Math.max(0, bytes), 0];
  while (value >= 1024 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit] ?? ''}`;
}
