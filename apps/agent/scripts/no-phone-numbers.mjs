/** In place of libphonenumber-js in the bundle: class-validator imports it for a check that the agent has no use for. */
export function parsePhoneNumber() {
  throw new Error('the agent checks no telephone numbers');
}
