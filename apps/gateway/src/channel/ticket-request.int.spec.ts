import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedFail2ban, testedFail2banVersions } from '@bailiff/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { requestOf } from './ticket-request.js';

/** Lines of fail2ban's own filter samples that the filter matches. Its files are UTF-8 with some bytes that are not. */
async function matchedLines(folder: string, filter: string): Promise<string[]> {
  const lines = (await readFile(join(folder, filter), 'latin1')).split('\n');
  return lines.filter((line, index) => {
    const above = lines[index - 1] ?? '';
    return !line.startsWith('#') && /^# *failJSON:.*"match": *true/.test(above);
  });
}

describe.each(testedFail2banVersions)('the filter samples of fail2ban %s', (version) => {
  let folder = '';
  beforeAll(async () => {
    const { root } = await installedFail2ban(version);
    folder = join(root, 'usr/lib/python3/dist-packages/fail2ban/tests/files/logs');
  });

  it.each([
    ['sshd', 'sshd', false],
    ['sshd-journal', 'sshd', false],
    ['postfix', 'postfix', false],
    ['dovecot', 'dovecot', false],
    ['apache-auth', 'apache', false],
    ['apache-modsecurity', 'apache', true],
    ['apache-badbots', 'apache', true],
    ['nginx-http-auth', 'nginx', false],
    ['nginx-limit-req', 'nginx', true],
    ['nginx-botsearch', 'nginx', true],
    ['traefik-auth', 'traefik', true],
    ['php-url-fopen', 'http', true],
  ])('%s are of %s, each with its URL: %s', async (filter, service, hasUrl) => {
    const lines = await matchedLines(folder, filter);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const said = requestOf({ kind: 'ban', jail: filter, matches: [line] });
      expect({ line, ...said }).toMatchObject({ service });
      if (hasUrl) expect({ line, ...said }).toHaveProperty('requestUrl', expect.stringMatching(/\S/));
    }
  });
});
