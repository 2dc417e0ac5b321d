/** As `JAIL_NAME` of the contracts, which is not worth their validators in the browser. */
const CARRIED = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}$/;

/** Whether a jail is shown but never acted upon from here: its name is one that commands would misread. */
export function isWatchedOnly(jail: string): boolean {
  return !CARRIED.test(jail);
}
