import type { ProblemCode } from '@bailiff/contracts/http';

/** Codes the web app makes itself, for answers that are not the API's. */
export type WebProblemCode = 'web/offline' | 'web/unreadable';

/** A problem in words: what happened, and what to do about it. The server's own detail is shown beside it. */
interface ProblemText {
  readonly title: string;
  readonly advice: string;
}

export const problems: Record<ProblemCode | WebProblemCode, ProblemText> = {
  'web/offline': {
    title: 'The server cannot be reached',
    advice: 'Check your network and that the gateway runs. Nothing was changed.',
  },
  'web/unreadable': {
    title: 'The answer could not be read',
    advice: 'Something between you and the gateway, such as a proxy, answered in its place. Check its configuration.',
  },
  'request/invalid': {
    title: 'This was not accepted',
    advice: 'Correct the values named and try again. Nothing was changed.',
  },
  'request/not-found': { title: 'Not found', advice: 'It may have been removed in the meantime. Reload the page.' },
  'request/too-large': { title: 'Too much at once', advice: 'Send it in smaller parts.' },
  'request/too-many': { title: 'Too many requests', advice: 'Wait a moment and try again.' },
  'request/conflict': { title: 'Changed in the meantime', advice: 'Reload to see the current state, then try again.' },
  'request/forbidden-origin': {
    title: 'Refused: wrong origin',
    advice: 'Open Bailiff at its own address, and check that the proxy passes the Host header on.',
  },
  'setup/required': { title: 'Setup is not finished', advice: 'Finish the setup first.' },
  'setup/already-complete': { title: 'Already set up', advice: 'Sign in with the master password.' },
  'setup/token-invalid': {
    title: 'The setup token is wrong',
    advice: 'Use the address that the gateway printed at its first start.',
  },
  'setup/database-unusable': {
    title: 'The database cannot be used',
    advice: 'Correct the location or URL, and test again.',
  },
  'auth/required': { title: 'Signed out', advice: 'Sign in again.' },
  'auth/invalid-credentials': { title: 'The password is not right', advice: 'Try again.' },
  'auth/session-expired': { title: 'Your session has ended', advice: 'Sign in again.' },
  'auth/insufficient-scope': { title: 'Not allowed', advice: 'Your account or token does not cover this.' },
  'host/unknown': { title: 'No such host', advice: 'It may have been removed. Choose another one.' },
  'host/revoked': { title: 'This host was removed', advice: 'Enrol it again to manage it.' },
  'enrolment/token-invalid': {
    title: 'The enrolment token is not valid',
    advice: 'Make a new one: each works once, for 15 minutes.',
  },
  'enrolment/refused': { title: 'The enrolment was refused', advice: 'Make a new token and run the command again.' },
  'agent/offline': {
    title: 'The host is offline',
    advice: 'Nothing was sent, and nothing will run later. Check the agent’s service on the host, then try again.',
  },
  'agent/outcome-unknown': {
    title: 'The host did not answer in time',
    advice: 'It may have been done all the same. Look at the list before you try again.',
  },
  'agent/refused': { title: 'The agent refused', advice: 'Look at the host’s alarms.' },
  'agent/policy-denied': {
    title: 'Not granted by this host',
    advice: 'The host’s administrator decides in the agent’s policy.json what this console may do.',
  },
  'agent/failed': { title: 'The agent could not do this', advice: 'Look at the agent’s log on the host.' },
  'geo/unavailable': {
    title: 'No worker answers',
    advice: 'Networks are listed by the worker. See that one runs and reaches Redis, then try again.',
  },
  'geo/failed': {
    title: 'The worker failed',
    advice: 'Its log says why. Nothing was banned.',
  },
  'geo/no-data': {
    title: 'The worker has no data on networks',
    advice: 'Install the worker again, or mend the file that BAILIFF_WORKER_GEO_ASN_FILE names, and start it anew.',
  },
  'jail/unknown': { title: 'No such jail', advice: 'It may be stopped or not configured on this host.' },
  'jail/unsafe-name': {
    title: 'The jail has a name that cannot be used',
    advice: 'It runs all the same. Rename it in fail2ban’s configuration to control it from here.',
  },
  'jail/busy': {
    title: 'Another act is under way',
    advice: 'Wait for it to end. Nothing was changed.',
  },
  'config/refused': {
    title: 'fail2ban refuses the configuration',
    advice: 'Mend what it names on the host, then try again.',
  },
  'ignore/allowed': {
    title: 'The allow list keeps the entry there',
    advice: 'Take it off the allow list instead. Nothing was changed.',
  },
  'ignore/protected': {
    title: 'The entry protects an address of yours',
    advice: 'Without it, a jail could ban you or the console. Confirm to remove it all the same.',
  },
  'ban/protected-address': {
    title: 'A protected address',
    advice: 'Banning it could lock you or the console out. Nothing was banned.',
  },
  'ban/too-wide': { title: 'This network is too wide', advice: 'Ban a smaller network.' },
  'ban/network-not-taken': {
    title: 'This jail takes single addresses only',
    advice: 'Its action cannot put a network into the firewall, so nothing was banned. Choose a jail whose action can.',
  },
  'archive/busy': {
    title: 'Events are being deleted already',
    advice: 'Wait until that is done, or cancel it in the settings. Nothing else was deleted.',
  },
  'allow/conflict': {
    title: 'It is on the allow list already',
    advice: 'Edit the entry that is there, or remove it first. Nothing was changed.',
  },
  'ban/not-banned': { title: 'Not banned', advice: 'It was already lifted or has ended.' },
  'ip/invalid': {
    title: 'Not an IP address or network',
    advice: 'Write it like 192.0.2.7, 2001:db8::1 or 198.51.100.0/24.',
  },
  'fail2ban/unreachable': {
    title: 'fail2ban does not answer',
    advice: 'Check on the host that fail2ban runs: systemctl status fail2ban. Nothing was changed.',
  },
  'fail2ban/busy': {
    title: 'fail2ban is busy',
    advice: 'It is working through a long command. Try again in a moment.',
  },
  'fail2ban/refused': { title: 'fail2ban refused', advice: 'Nothing was changed.' },
  'edge/unavailable': {
    title: 'The hosts cannot be reached',
    advice: 'The queue to the agents (Redis) is down. Nothing was sent.',
  },
  'internal/unexpected': {
    title: 'Something went wrong',
    advice: 'Look in the gateway’s log for the request ID.',
  },
};
