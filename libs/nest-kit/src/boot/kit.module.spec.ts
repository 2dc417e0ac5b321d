import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { KitModule } from './kit.module.js';

describe(KitModule.name, () => {
  const lines: string[] = [];
  let app: INestApplicationContext;
  beforeAll(async () => {
    const logTo = { write: (line: string) => void lines.push(line) };
    const module = KitModule.forRoot({ service: 'test', level: 'info', logTo });
    app = await NestFactory.createApplicationContext(module, { logger: false });
  });
  afterAll(() => app.close());

  /** One line as it would stand on standard output. */
  const logged = (fields: object): Record<string, unknown> => {
    app.get(Logger).warn(fields, 'something happened');
    return JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  };

  it('tells what went wrong, why, and where', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error('Redis is away', { cause }), {
      code: 'edge/unreachable',
      kind: 'operational',
    });
    const { err } = logged({ err: error });
    expect(err).toMatchObject({ type: 'Error', code: 'edge/unreachable', kind: 'operational' });
    expect((err as { message: string }).message).toContain('ECONNREFUSED');
    expect((err as { stack: string }).stack).toContain('kit.module.spec');
  });

  it('never writes what a library hung on its error: passwords of a refused sign-in, values of a failed statement', () => {
    const refused = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'gw', 'hunter2'] },
      parameters: ['hunter2'],
      driverError: Object.assign(new Error('duplicate key'), { detail: 'Key (token)=(hunter2) exists' }),
    });
    for (const err of [refused, new AggregateError([refused], 'several'), new Error('outer', { cause: refused })]) {
      const line = logged({ err });
      expect(JSON.stringify(line)).not.toContain('hunter2');
    }
    expect(JSON.stringify(logged({ err: new AggregateError([refused]) }))).toContain('WRONGPASS');
  });

  it('hides secrets by the name of their field', () => {
    const line = logged({ password: 'hunter2', login: { passwordDigest: 'hunter2' } });
    expect(line).toMatchObject({ password: '[redacted]', login: { passwordDigest: '[redacted]' } });
  });
});
