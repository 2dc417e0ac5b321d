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

  it.each(['ns_auth', 'cftoken', 'mnwpass', 'ipthreat_apikey', 'key', 'smtp_pwd', 'slack_webhook_url', 'passphrase'])(
    'knows %s as the name of a secret',
    (name) => {
      expect(withoutSecrets([{ name, value: 'dXNlcjpwYXNz' }])).toEqual([{ name, value: '(hidden)' }]);
    },
  );

  it.each(['keyfile', 'port', 'chain', 'author', 'monkey', 'actionban'])('leaves %s alone', (name) => {
    expect(withoutSecrets([{ name, value: 'value' }])).toEqual([{ name, value: 'value' }]);
  });

  it.each([
    [
      "curl -H 'Authorization: Bearer abc.def' https://example.org",
      "curl -H 'Authorization: Bearer (hidden)' https://example.org",
    ],
    ['curl -H "X-Api-Key: 0123456789" https://example.org', 'curl -H "X-Api-Key: (hidden)" https://example.org'],
    ['curl https://me:secret@example.org/ban?ip=<ip>', 'curl https://me:(hidden)@example.org/ban?ip=<ip>'],
    ["curl -u 'me:secret' https://example.org", "curl -u 'me:(hidden)' https://example.org"],
  ])('hides what stands in a command itself: %s', (value, shown) => {
    expect(withoutSecrets([{ name: 'actionban', value }])).toEqual([{ name: 'actionban', value: shown }]);
  });

  it.each([
    "curl -k -H 'Authorization: Basic <ns_auth>' https://<ns_host>/nitro",
    'nft add element inet f2b-table addr-set-sshd { 2001:db8::1 }',
    'iptables -w -I f2b-sshd 1 -s <ip> -j <blocktype>',
  ])('shows other commands as they are: %s', (value) => {
    expect(withoutSecrets([{ name: 'actionban', value }])).toEqual([{ name: 'actionban', value }]);
  });
});
