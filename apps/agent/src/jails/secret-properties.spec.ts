import { describe, expect, it } from '@jest/globals';
import { withoutSecrets } from './secret-properties.js';

describe(withoutSecrets, () => {
  it('hides passwords and keys where they stand and where commands repeat them', () => {
    const hidden = withoutSecrets([
      { name: 'abuseipdb_apikey', value: 'abcdef123456' },
      { name: 'mailpassword', value: 'pw' },
      { name: 'actionban', value: 'curl -H "Key: abcdef123456" -d pw' },
      { name: 'tokens_per_minute', value: '5' },
    ]);
    expect(hidden.map(({ value }) => value)).toEqual(['(hidden)', '(hidden)', 'curl -H "Key: (hidden)" -d pw', '5']);
  });
});
