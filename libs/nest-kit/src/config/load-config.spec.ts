import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { ConfigError } from './config.error.js';
import { renderEnvExample } from './env-example.js';
import { Env } from './env.decorator.js';
import { loadConfig } from './load-config.js';
import { IsAbsolutePath, IsUrlWithProtocol } from './validators.js';

class ExampleConfig {
  @Env('BAILIFF_EX_PORT', { about: 'Port, 0 for any free one.' }) @IsInt() @Min(0) @Max(65535) readonly port: number =
    8420;
  @Env('BAILIFF_EX_ON') @IsBoolean() readonly isOn: boolean = false;
  @Env('BAILIFF_EX_LIST') @IsArray() readonly list: string[] = [];
  @Env('BAILIFF_EX_DIR') @IsAbsolutePath() readonly dir: string = '/var/lib/x';
  @Env('BAILIFF_EX_KEY', { secret: true }) @IsOptional() @IsString() @Length(4, 20) readonly key?: string;
  @Env('REDIS_URL') @IsUrlWithProtocol(['redis', 'rediss']) readonly redis: string = 'redis://127.0.0.1:6379';
}
const load = (env: Record<string, string>) => loadConfig(ExampleConfig, env, { prefix: 'BAILIFF_EX_' });
const problems = (env: Record<string, string>) => {
  try {
    load(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
};

describe(loadConfig.name, () => {
  it('takes defaults from the class and values from the environment', () => {
    expect(load({})).toMatchObject({ port: 8420, isOn: false, list: [], redis: 'redis://127.0.0.1:6379' });
    expect(load({ BAILIFF_EX_PORT: '0', BAILIFF_EX_ON: 'true', BAILIFF_EX_LIST: 'a, b' })).toMatchObject({
      port: 0,
      isOn: true,
      list: ['a', 'b'],
    });
  });

  it('names every wrong variable at once', () => {
    const found = problems({
      BAILIFF_EX_PORT: 'abc',
      BAILIFF_EX_ON: 'maybe',
      BAILIFF_EX_DIR: 'x',
      REDIS_URL: 'http://x',
    });
    expect(found.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'BAILIFF_EX_DIR',
      'BAILIFF_EX_ON',
      'BAILIFF_EX_PORT',
      'REDIS_URL',
    ]);
  });

  it('refuses a variable of its prefix that no setting has', () => {
    expect(problems({ BAILIFF_EX_PROT: '1' })[0]).toContain('BAILIFF_EX_PROT');
  });

  it('reads a secret from its _FILE twin and never shows it', () => {
    const dir = mkdtempSync(join(tmpdir(), 'kit-'));
    try {
      writeFileSync(join(dir, 'key'), 'hunter22\n');
      expect(load({ BAILIFF_EX_KEY_FILE: join(dir, 'key') }).key).toBe('hunter22');
      expect(problems({ BAILIFF_EX_KEY: 'abc' }).join()).not.toContain('abc');
      expect(problems({ BAILIFF_EX_KEY_FILE: join(dir, 'none') })[0]).toContain('BAILIFF_EX_KEY_FILE');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe(renderEnvExample.name, () => {
  it('lists every variable with its default and hides secrets', () => {
    const text = renderEnvExample([{ title: 'Example', type: ExampleConfig }]);
    expect(text).toContain('# Port, 0 for any free one.\n#BAILIFF_EX_PORT=8420\n');
    expect(text).toContain('#BAILIFF_EX_KEY=\n');
  });
});
