import { describe, expect, it } from '@jest/globals';
import { enrolmentCommand } from './enrolment-command.js';

describe(enrolmentCommand, () => {
  it.each(['console.example', 'console.example:8420', '192.0.2.1:80', '[2001:db8::1]:8420'])('names %s', (host) => {
    expect(enrolmentCommand('https', host)).toBe(`sudo bailiff-agent enrol https://${host}`);
  });
  it.each(['x;id', '$(id)', 'a b', 'a/../b', "a'b", '', undefined])('never pastes %s into a shell', (host) => {
    expect(enrolmentCommand('https', host)).toBe('sudo bailiff-agent enrol https://<address of this console>');
  });
});
