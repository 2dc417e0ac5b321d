import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, loadConfig, renderEnvExample } from '@bailiff/nest-kit';
import { describe, expect, it } from '@jest/globals';
import { GatewayConfig } from './gateway.config.js';

const load = (env: Record<string, string>) => loadConfig(GatewayConfig, env, { prefix: 'BAILIFF_GATEWAY_' });

describe(GatewayConfig.name, () => {
  it('starts with nothing set', () => {
    expect(load({})).toMatchObject({ host: '127.0.0.1', port: 8420, trustedProxies: [] });
    expect(load({}).databaseUrl).toBeUndefined();
  });

  it('reads numbers and lists', () => {
    const env = { BAILIFF_GATEWAY_PORT: '0', BAILIFF_GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1' };
    expect(load(env)).toMatchObject({ port: 0, trustedProxies: ['10.0.0.0/8', '2001:db8::1'] });
  });

  it.each([
    ['BAILIFF_GATEWAY_PORT', '70000'],
    ['BAILIFF_GATEWAY_DATA_DIR', 'here'],
    ['DATABASE_URL', 'mysql://x'],
    ['BAILIFF_GATEWAY_PUBLIC_URL', 'ftp://x'],
    ['BAILIFF_GATEWAY_TRUSTED_PROXIES', 'everyone'],
    ['BAILIFF_GATEWAY_NONSENSE', '1'],
  ])('refuses %s=%s and names it', (variable, value) => {
    expect(() => load({ [variable]: value })).toThrow(ConfigError);
    expect(() => load({ [variable]: value })).toThrow(variable);
  });

  it('never shows a secret', () => {
    let message = '';
    try {
      load({ DATABASE_URL: 'mysql://u:hunter2@h' });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('DATABASE_URL');
    expect(message).not.toContain('hunter2');
  });

  it('is what .env.example says; run `pnpm env-example` after a change', async () => {
    const own = renderEnvExample([{ title: 'gateway', type: GatewayConfig }])
      .split('\n')
      .slice(2)
      .join('\n')
      .trim();
    const committed = await readFile(join(import.meta.dirname, '..', '..', '..', '.env.example'), 'utf8');
    expect(committed).toContain(own);
  });
});
