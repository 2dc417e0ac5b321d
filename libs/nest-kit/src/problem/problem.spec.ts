import { PROBLEM_CODES, type Problem } from '@bailiff/contracts/http';
import { Body, Controller, Get, type INestApplication, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import request from 'supertest';
import type { App } from 'supertest/types.js';
import { correlationMiddleware } from '../correlation/correlation.js';
import { ProblemFilter } from './problem.filter.js';
import type { ProblemTable } from './to-problem.js';
import { nullPointers, validationPipe } from './validation.js';

class Inner {
  @IsInt() readonly n!: number;
}
class Body1 {
  @IsString() readonly name!: string;
  @IsOptional() @ValidateNested() @Type(() => Inner) readonly inner?: Inner;
}
class Query1 {
  @IsOptional() @Type(() => Number) @IsInt() readonly limit?: number;
}
class JailError extends Error {
  readonly code = 'jail/unknown';
}

@Controller('t')
class TestController {
  @Post() create(@Body() body: Body1) {
    return body;
  }
  @Get('jail') jail() {
    throw new JailError('No jail named "x"');
  }
  @Get('boom') boom() {
    throw new Error('secret /etc/passwd');
  }
  @Get('list') list(@Query() query: Query1) {
    return query;
  }
}
@Module({ controllers: [TestController] })
class TestModule {}

const table = Object.fromEntries(PROBLEM_CODES.map((code) => [code, { status: 500, title: code }])) as ProblemTable;
let app: INestApplication<App>;

beforeAll(async () => {
  app = await NestFactory.create<INestApplication<App>>(TestModule, { logger: false });
  app.use(correlationMiddleware);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(
    new ProblemFilter({
      ...table,
      'jail/unknown': { status: 404, title: 'Unknown jail' },
      'request/invalid': { status: 400, title: 'Invalid request' },
      'request/not-found': { status: 404, title: 'Not found' },
    }),
  );
  await app.init();
});
afterAll(() => app.close());

const problem = (response: request.Response) => JSON.parse(response.text) as Problem;

describe(ProblemFilter.name, () => {
  it('maps our own errors by their code and keeps the correlation id', async () => {
    const response = await request(app.getHttpServer()).get('/t/jail').set('X-Correlation-ID', 'abcd-1234').expect(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['x-correlation-id']).toBe('abcd-1234');
    expect(problem(response)).toMatchObject({
      code: 'jail/unknown',
      title: 'Unknown jail',
      correlation_id: 'abcd-1234',
    });
  });

  it('replaces a correlation id that has not our shape', async () => {
    const response = await request(app.getHttpServer()).get('/t/jail').set('X-Correlation-ID', 'a b<script>');
    expect(response.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells nothing of an unexpected error', async () => {
    const response = await request(app.getHttpServer()).get('/t/boom').expect(500);
    expect(response.text).not.toMatch(/secret|passwd|\bat /);
    expect(problem(response).code).toBe('internal/unexpected');
  });

  it('points at each wrong field, nested and unknown ones too', async () => {
    const response = await request(app.getHttpServer())
      .post('/t')
      .send({ name: 1, inner: { n: 'x' }, extra: 1 })
      .expect(400);
    expect(
      problem(response)
        .errors?.map((field) => field.pointer)
        .sort(),
    ).toEqual(['/extra', '/inner/n', '/name']);
  });

  it('refuses null, which is neither a value nor none', async () => {
    const send = (inner: unknown) => request(app.getHttpServer()).post('/t').send({ name: 'x', inner });
    const refused = (await send(null).expect(400)).body as Problem;
    expect(refused.errors).toEqual([{ pointer: '/inner', detail: 'must not be null: leave it out' }]);
    expect(((await send({ n: null }).expect(400)).body as Problem).errors?.[0]?.pointer).toBe('/inner/n');
    await send(undefined).expect(201);
  });

  it('survives nesting as deep as a body may be', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(45_000)}null${']'.repeat(45_000)}`);
    expect(nullPointers(deep)).toHaveLength(1);
  });

  it('points at query parameters by ?name', async () => {
    const response = await request(app.getHttpServer()).get('/t/list?limit=abc').expect(400);
    expect(problem(response).errors?.[0]?.pointer).toBe('?limit');
  });

  it.each([
    ['malformed JSON', (server: App) => request(server).post('/t').type('json').send('{"a":'), 'request/invalid'],
    ['an unknown address', (server: App) => request(server).get('/nope'), 'request/not-found'],
  ])('answers %s as a problem', async (_name, send, code) => {
    expect(problem(await send(app.getHttpServer())).code).toBe(code);
  });
});
