const MAX_NAME = 80;

/**
 * A name for a new host: its own, or when another host of the fleet goes by that one, the same with a number. Hosts are
 * often cloned, and whoever bans on one of two must see which.
 */
export function freeName(hostname: string, taken: ReadonlySet<string>): string {
  const own = hostname.slice(0, MAX_NAME);
  for (let number = 2, name = own; ; number += 1) {
    if (!taken.has(name)) return name;
    const suffix = ` (${number})`;
    name = `${own.slice(0, MAX_NAME - suffix.length)}${suffix}`;
  }
}
