import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayHarness } from '../../test/gateway-harness.spec.js';
import { PROBLEM_TABLE } from '../problem-table.js';
import { openApiDocument } from './openapi-document.js';
import { problemList } from './problem-list.js';

const GATEWAY = join(import.meta.dirname, '..', '..');

describe(openApiDocument.name, () => {
  let gateway: GatewayHarness;
  beforeAll(async () => (gateway = await GatewayHarness.start()), 30_000);
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('is what the committed copy says; run `pnpm --filter @bailiff/gateway openapi` after a change', async () => {
    const committed = await readFile(join(GATEWAY, '..', '..', 'docs', 'api', 'openapi.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(openApiDocument(gateway.app))));
  });

  it('goes with a list of every problem code', async () => {
    const committed = await readFile(join(GATEWAY, '..', '..', 'docs', 'api', 'problems.md'), 'utf8');
    expect(committed).toBe(problemList(PROBLEM_TABLE));
  });

  it('is made from the contracts as they are', async () => {
    const script = `import { contractSchemas } from './scripts/contract-schemas.mjs'; process.stdout.write(JSON.stringify(contractSchemas()));`;
    const { stdout } = await runCommand(process.execPath, ['--input-type=module', '-e', script], { cwd: GATEWAY });
    const committed = await readFile(join(GATEWAY, 'src', 'openapi', 'contract-schemas.generated.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(stdout));
  });

  it('refers to nothing that it does not hold', () => {
    const document = openApiDocument(gateway.app);
    const text = JSON.stringify(document);
    const names = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
    const known = new Set(Object.keys(document.components?.schemas ?? {}));
    expect([...names].filter((name) => !known.has(name ?? ''))).toEqual([]);
  });

  it('says what every operation, parameter and answer is about', () => {
    interface Said {
      readonly summary?: string;
      readonly description?: string;
      readonly name?: string;
    }
    interface Operation extends Said {
      readonly parameters?: readonly Said[];
      readonly responses: Readonly<Record<string, Said>>;
    }
    const text = JSON.stringify(openApiDocument(gateway.app).paths);
    const paths = JSON.parse(text) as Record<string, Record<string, Operation>>;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    );
    const unsaid = operations.flatMap(([name, operation]) => [
      ...(operation.summary || operation.description ? [] : [name]),
      ...(operation.parameters ?? []).filter((one) => !one.description).map((one) => `${name} ${one.name}`),
      ...Object.entries(operation.responses).flatMap(([status, one]) => (one.description ? [] : `${name} ${status}`)),
    ]);
    expect(operations.length).toBeGreaterThan(50);
    expect(unsaid).toEqual([]);
  });

  it('tells limits of bodies and queries, and the problem every operation may answer with', () => {
    const { paths, components } = openApiDocument(gateway.app);
    expect(components?.schemas?.['ApiTokenRequest']).toMatchObject({
      required: ['name', 'scopes'],
      properties: { name: { type: 'string', minLength: 1, maxLength: 80 }, scopes: { type: 'array', minItems: 1 } },
    });
    const audit = paths['/api/v1/audit']?.get;
    const limit = {
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 500 },
    };
    expect(audit?.parameters).toContainEqual(expect.objectContaining(limit));
    for (const path of Object.values(paths)) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
        const operation = path[method];
        if (operation !== undefined) expect(JSON.stringify(operation.responses['default'])).toContain('Problem');
      }
    }
  });
});
