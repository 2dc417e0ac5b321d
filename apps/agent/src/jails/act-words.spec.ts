import { describe, expect, it } from '@jest/globals';
import { commandText, reloadWords } from './act-words.js';

describe(commandText, () => {
  it.each([
    [{ act: 'start', jail: 'web' }, 'fail2ban-client reload --if-exists web'],
    [{ act: 'stop', jail: 'web' }, 'fail2ban-client stop web'],
    [{ act: 'idle-on', jail: 'web' }, 'fail2ban-client set web idle on'],
    [{ act: 'reload', jail: 'web', unban: true }, 'fail2ban-client reload --unban web'],
    [{ act: 'restart', jail: 'web', ifExists: true }, 'fail2ban-client reload --restart --if-exists web'],
    [{ act: 'reload-all' }, 'fail2ban-client reload --all'],
    [{ act: 'restart-all', unban: true }, 'fail2ban-client reload --restart --unban --all'],
    [{ act: 'restart-server' }, 'fail2ban-client restart'],
  ] as const)('says %j as one would type it', (act, text) => {
    expect(commandText(act)).toBe(text);
  });
});

describe(reloadWords, () => {
  it('lets no jail through that could be an option', () => {
    expect(() => reloadWords({ act: 'reload', jail: '--all' })).toThrow();
    expect(() => reloadWords({ act: 'reload', jail: 'a b' })).toThrow();
  });
});
