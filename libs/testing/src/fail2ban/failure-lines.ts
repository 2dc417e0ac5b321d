/** Makes the log line of one failure of `address` at `at`. */
export type FailureLine = (address: string, at: Date, serial: number) => string;

const two = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 3339 in UTC with its `Z`, so that the line means the same in every time zone. */
const utc = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
/** `2026/11/20 16:00:00` in this process's time zone, as nginx writes its error log. */
const nginxTime = (at: Date): string =>
  `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
/** `Nov 20 16:00:00` in this process's time zone, as syslog writes it. */
const syslogTime = (at: Date): string =>
  `${months[at.getMonth()] ?? ''} ${String(at.getDate()).padStart(2)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
const port = (serial: number): number => 40_000 + (serial % 20_000);

/** The line that the harness's own filter matches. */
export const plainFailureLine: FailureLine = (address, at) => `${utc(at)} fail from ${address}`;

/** Lines as the real daemons write them, by stock filter (with its mode where only that counts them). */
export const stockFailureLines: Readonly<Record<string, FailureLine>> = {
  sshd: (address, at, serial) =>
    `${syslogTime(at)} gate sshd[${2_000 + serial}]: Failed password for invalid user admin from ${address} port ${port(serial)} ssh2`,
  'nginx-http-auth': (address, at, serial) =>
    `${nginxTime(at)} [error] 812#812: *${serial} user "admin": password mismatch, client: ${address}, server: www.example.org, request: "GET /admin/ HTTP/1.1", host: "www.example.org"`,
  postfix: (address, at, serial) =>
    `${syslogTime(at)} mail postfix/smtpd[${3_000 + serial}]: NOQUEUE: reject: RCPT from unknown[${address}]: 554 5.7.1 <spam@example.org>: Relay access denied; from=<a@example.net> to=<spam@example.org> proto=ESMTP helo=<mail.example.net>`,
  'postfix[mode=auth]': (address, at, serial) =>
    `${syslogTime(at)} mail postfix/smtpd[${3_000 + serial}]: warning: unknown[${address}]: SASL LOGIN authentication failed: authentication failure`,
  dovecot: (address, at, serial) =>
    `${syslogTime(at)} mail dovecot: imap-login: Disconnected (auth failed, 3 attempts in 12 secs): user=<info@example.org>, method=PLAIN, rip=${address}, lip=203.0.113.1, TLS, session=<s${serial}>`,
};
