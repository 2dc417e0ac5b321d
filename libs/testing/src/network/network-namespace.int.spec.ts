import { describe, expect, it } from '@jest/globals';
import { runChecked } from '../core/run-command.js';
import { startFail2ban } from '../fail2ban/fail2ban-instance.js';
import { startNetworkNamespace } from './network-namespace.js';

describe(startNetworkNamespace, () => {
  it('has a network of its own, which ends with its scope', async () => {
    let name: string;
    {
      await using namespace = await startNetworkNamespace();
      name = namespace.name;
      expect(await namespace.exec('ip', '-brief', 'link')).toMatch(/^lo\s+\S+\s+00:00:00:00:00:00.*\n$/);
      await namespace.exec('nft', 'add', 'table', 'inet', 'bailiff_probe');
      expect(await namespace.exec('nft', 'list', 'tables')).toContain('bailiff_probe');
      expect(await runChecked('nft', ['list', 'tables'])).not.toContain('bailiff_probe');
    }
    expect(await runChecked('ip', ['netns', 'list'])).not.toContain(name);
  });

  it('lets fail2ban ban in a real firewall that nobody else has', async () => {
    await using namespace = await startNetworkNamespace();
    await using f2b = await startFail2ban({
      networkNamespace: namespace,
      stockConfig: true,
      jails: { demo: { action: 'nftables[name=demo, port="22", protocol=tcp]' } },
    });
    await f2b.client('set', 'demo', 'banip', '192.0.2.66');
    expect(await namespace.exec('nft', 'list', 'ruleset')).toContain('192.0.2.66');
    expect(process.kill(f2b.pid, 0)).toBe(true);
  });
});
