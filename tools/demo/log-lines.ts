import type { Random } from './random.ts';

/** The jails of the demo. */
export const demoJails = ['sshd', 'nginx-http-auth', 'nginx-botsearch', 'postfix', 'dovecot'] as const;
export type DemoJail = (typeof demoJails)[number];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const host = 'web-1';
const userNames = [
  'root',
  'admin',
  'oracle',
  'ubuntu',
  'test',
  'git',
  'postgres',
  'deploy',
  'user',
  'ftpuser',
  'minecraft',
  'jenkins',
] as const;
const mailboxes = ['info', 'office', 'sales', 'admin', 'support', 'billing', 'contact'] as const;
const probedPaths = [
  '/wp-login.php',
  '/phpmyadmin/index.php',
  '/pma/index.php',
  '/cgi-bin/luci',
  '/wp-admin.php',
  '/roundcube/',
  '/webmail/',
  '/myadmin/',
] as const;
const scanners = [
  'Mozilla/5.0 zgrab/0.x',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
  'python-requests/2.32.3',
  'Go-http-client/1.1',
  'curl/8.5.0',
] as const;
const sites = ['shop.example.com', 'www.example.com', 'blog.example.org'] as const;

const two = (value: number) => String(value).padStart(2, '0');
const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
const syslog = (at: Date, program: string, message: string) =>
  `${months[at.getMonth()]} ${String(at.getDate()).padStart(2)} ${clock(at)} ${host} ${program}: ${message}`;

/** One line as the service itself writes it, in local time as fail2ban reads it, that the stock filter counts as a failure. */
export function attackLine(jail: DemoJail, address: string, at: Date, random: Random): string {
  const port = random.between(30_000, 65_000);
  const process = random.between(1_000, 32_000);
  switch (jail) {
    case 'sshd': {
      const user = random.pick(userNames);
      const known = user === 'root' ? '' : 'invalid user ';
      return syslog(at, `sshd[${process}]`, `Failed password for ${known}${user} from ${address} port ${port} ssh2`);
    }
    case 'nginx-http-auth': {
      const site = random.pick(sites);
      const date = `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())} ${clock(at)}`;
      return `${date} [error] 813#813: *${port} user "${random.pick(userNames)}": password mismatch, client: ${address}, server: ${site}, request: "GET /admin/ HTTP/1.1", host: "${site}"`;
    }
    case 'nginx-botsearch':
      return accessLine(address, at, random.pick(probedPaths), 404, random);
    case 'postfix': {
      const from = `${random.pick(mailboxes)}@example.org`;
      const to = `${random.pick(mailboxes)}${random.between(1, 99)}@example.net`;
      return syslog(
        at,
        `postfix/smtpd[${process}]`,
        `NOQUEUE: reject: RCPT from unknown[${address}]: 554 5.7.1 <${to}>: Relay access denied; from=<${from}> to=<${to}> proto=ESMTP helo=<win-${random.between(100, 999)}>`,
      );
    }
    case 'dovecot': {
      const seconds = random.between(2, 20);
      return syslog(
        at,
        'dovecot',
        `imap-login: Disconnected (auth failed, ${random.between(1, 3)} attempts in ${seconds} secs): user=<${random.pick(mailboxes)}@example.com>, method=PLAIN, rip=${address}, lip=192.0.2.10, TLS, session=<${port.toString(36)}${process.toString(36)}>`,
      );
    }
  }
}

/** One line of ordinary traffic in the same log, which no filter counts. */
export function ordinaryLine(jail: DemoJail, address: string, at: Date, random: Random): string | undefined {
  switch (jail) {
    case 'sshd':
      return syslog(
        at,
        `sshd[${random.between(1_000, 32_000)}]`,
        `Accepted publickey for deploy from ${address} port ${random.between(30_000, 65_000)} ssh2`,
      );
    case 'nginx-botsearch':
      return accessLine(address, at, random.pick(['/', '/about', '/products/17', '/assets/site.css']), 200, random);
    case 'postfix':
      return syslog(at, `postfix/smtpd[${random.between(1_000, 32_000)}]`, `connect from mail.example.net[${address}]`);
    case 'nginx-http-auth':
    case 'dovecot':
      return undefined;
  }
}

function accessLine(address: string, at: Date, path: string, status: number, random: Random): string {
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const date = `${two(at.getDate())}/${months[at.getMonth()]}/${at.getFullYear()}:${clock(at)} ${zone}`;
  return `${address} - - [${date}] "GET ${path} HTTP/1.1" ${status} ${random.between(120, 9_000)} "-" "${random.pick(scanners)}"`;
}
