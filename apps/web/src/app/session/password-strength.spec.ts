import { describe, expect, it } from '@jest/globals';
import { passwordStrength } from './password-strength';

describe(passwordStrength.name, () => {
  it.each(['', 'password', 'Password1!', 'qwerty123', 'aaaaaaaaaaaaaaaa', '123456789012', 'bailiff-admin'])(
    'refuses %j',
    (password) => {
      expect(passwordStrength(password).score).toBeLessThan(2);
    },
  );

  it.each(['correct horse battery', 'vK7#pLq2$wZ9', 'gravel-otter-lamp'])('accepts %j', (password) => {
    expect(passwordStrength(password).score).toBeGreaterThanOrEqual(2);
  });

  it('says why', () => {
    expect(passwordStrength('letmein').hint).toBe('common');
    expect(passwordStrength('xK3$').hint).toBe('short');
    expect(passwordStrength('aaaaaaaaaaaaaaaa').hint).toBe('repeated');
  });
});
