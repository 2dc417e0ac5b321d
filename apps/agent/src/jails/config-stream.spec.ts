import { describe, expect, it } from '@jest/globals';
import { compiledJails, readCompiled, refusalOf } from './config-stream.js';

const printed = (more: object = {}) =>
  JSON.stringify({
    ok: true,
    stream: [
      ['set', 'loglevel', 'INFO'],
      ['add', 'web', 'polling'],
      ['set', 'web', 'bantime', '2h'],
      ['set', 'web', 'ignoreself', false],
      ['multi-set', 'web', 'addfailregex', ['^one <HOST>$', '^two <HOST>$']],
      ['set', 'web', 'addignoreip', '192.0.2.1', 'gate.example.org'],
      ['set', 'web', 'addlogpath', '/var/log/web.log', 'head'],
      ['set', 'web', 'addaction', 'note'],
      ['multi-set', 'web', 'action', 'note', [['actionban', 'echo <ip>']]],
      ['set', 'web', 'action', 'note', 'timeout', 5],
      ['add', 'empty', 'auto'],
      ['set', 'empty', 'addignoreip'],
      ['start', 'web'],
    ],
    messages: ['a warning'],
    regexes: [],
    ...more,
  });

describe(compiledJails, () => {
  it('gathers what the stream says of each jail', () => {
    const jails = compiledJails(readCompiled(printed()));
    expect([...jails.keys()]).toEqual(['web', 'empty']);
    expect(jails.get('web')).toMatchObject({
      backend: 'polling',
      isStarted: true,
      failregex: ['^one <HOST>$', '^two <HOST>$'],
      ignoreip: ['192.0.2.1', 'gate.example.org'],
      logpaths: ['/var/log/web.log'],
    });
    expect(jails.get('web')?.options.get('bantime')).toBe('2h');
    expect(jails.get('web')?.actions.get('note')).toEqual([
      ['actionban', 'echo <ip>'],
      ['timeout', '5'],
    ]);
    expect(jails.get('empty')).toMatchObject({ isStarted: false, ignoreip: [] });
  });
});

describe(refusalOf, () => {
  it('takes warnings for what they are', () => {
    expect(refusalOf(readCompiled(printed()))).toBeUndefined();
  });

  it('says which regex of which jail is wrong', () => {
    const regexes = [{ jail: 'web', option: 'addfailregex', text: 'Unable to compile' }];
    expect(refusalOf(readCompiled(printed({ regexes })))).toBe('[web] failregex: Unable to compile');
  });

  it('finds errors inside the stream, and says something when fail2ban says nothing', () => {
    const stream = [['config-error', 'Jail x: bad option']];
    expect(refusalOf(readCompiled(printed({ stream, messages: [] })))).toBe('Jail x: bad option');
    expect(refusalOf(readCompiled(printed({ ok: false, messages: [] })))).toBeTruthy();
  });
});
