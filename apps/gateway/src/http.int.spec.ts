import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@bailiff/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayHarness, OWN_PAGE } from '../test/gateway-harness.spec.js';

const INDEX = '<!doctype html><html><head><style>b{}</style></head><body><bailiff-app></bailiff-app></body></html>';

describe('the gateway over HTTP', () => {
  let web: TempDir;
  let gateway: GatewayHarness;
  let cookie: string;

  beforeAll(async () => {
    web = await tempDir('bailiff-web-');
    await mkdir(join(web.path, 'media'));
    await writeFile(join(web.path, 'index.html'), INDEX);
    for (const name of ['main-ABCD1234.js', 'chunk-8t_OW-hh.js', 'theme-switcher.js']) {
      await writeFile(join(web.path, name), 'export {};');
    }
    await writeFile(join(web.path, 'favicon.svg'), '<svg/>');
    await writeFile(join(web.path, '.env'), 'SECRET=1');
    gateway = await GatewayHarness.startReady({ webDir: web.path, trustedProxies: ['127.0.0.1'] });
    cookie = await gateway.signIn();
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await web[Symbol.asyncDispose]();
  });

  describe('errors', () => {
    it.each(['get', 'post', 'put', 'patch', 'delete'] as const)(
      'are problem details for an unknown API address (%s)',
      async (method) => {
        const { body, headers } = await gateway.request(method, '/api/v1/nope').set('Accept', 'text/html').expect(404);
        expect(headers['content-type']).toContain('application/problem+json');
        expect(body).toMatchObject({ code: 'request/not-found', status: 404, instance: '/api/v1/nope' });
      },
    );

    it.each([
      ['{"passwordDigest":', 400, 'request/invalid'],
      ['[]', 400, 'request/invalid'],
      ['{"passwordDigest":5}', 400, 'request/invalid'],
      ['{"__proto__":{"x":1}}', 400, 'request/invalid'],
      [`{"passwordDigest":"${'a'.repeat(2_000_000)}"}`, 413, 'request/too-large'],
    ])('say what is wrong with a body (%#)', async (text, status, code) => {
      const request = gateway.request('post', '/api/v1/session').set('Content-Type', 'application/json');
      const { body } = await request.send(text).expect(status);
      expect(body).toMatchObject({ code, correlation_id: expect.stringMatching(/^[\w-]{8,64}$/) });
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\.js:|SyntaxError/);
    });

    it('names a query parameter that is refused', async () => {
      const ask = (query: string) => gateway.request('get', `/api/v1/audit?${query}`).set('Cookie', cookie).expect(400);
      const { body } = await ask('limit=9999&nope=1');
      const { errors } = body as { errors: { pointer: string }[] };
      expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['?limit', '?nope']);
      expect((await ask('cursor=abc')).body).toMatchObject({ errors: [{ pointer: '?cursor' }] });
      expect((await ask('sort=secret')).body).toMatchObject({ errors: [{ pointer: '?sort' }] });
      await ask('limit[]=1');
    });

    it('keep a correlation id of our shape and replace any other', async () => {
      const ask = (id: string) => gateway.request('get', '/api/nope').set('X-Correlation-ID', id);
      const kept = await ask('browser-made-1234');
      expect(kept.headers['x-correlation-id']).toBe('browser-made-1234');
      expect(kept.body).toMatchObject({ correlation_id: 'browser-made-1234' });
      expect((await ask('<script>')).headers['x-correlation-id']).not.toBe('<script>');
    });

    it('tell nothing of what broke inside', async () => {
      await gateway.database.withTransaction((own) => own.manager.query('ALTER TABLE api_token RENAME TO hidden'));
      const { body } = await gateway.request('get', '/api/v1/tokens').set('Cookie', cookie).expect(500);
      await gateway.database.withTransaction((own) => own.manager.query('ALTER TABLE hidden RENAME TO api_token'));
      expect(body).toMatchObject({ code: 'internal/unexpected', title: 'Something went wrong' });
      expect(JSON.stringify(body)).not.toMatch(/api_token|SQLITE|at /);
    });
  });

  describe('headers', () => {
    it.each(['/', '/api/health', '/api/nope', '/main-ABCD1234.js'])('protect %s', async (path) => {
      const { headers } = await gateway.request('get', path).set('Accept', 'text/html');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('strict-transport-security');
    });

    it('ask for https only where there is https', async () => {
      const { headers } = await gateway.request('get', '/').set('X-Forwarded-Proto', 'https');
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
    });
  });

  describe('the web app', () => {
    it.each(['/', '/index.html', '/setup?token=x', '/jails/sshd', '/hosts/aaaaaaaaaaaaaaaa', '/addresses/192.0.2.7'])(
      'is the answer at %s',
      async (path) => {
        const { text, headers } = await gateway.request('get', path).set('Accept', 'text/html,*/*').expect(200);
        const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? 'none';
        expect(text).toContain(`<bailiff-app ngCspNonce="${nonce}">`);
        expect(text).toContain(`<style nonce="${nonce}">`);
        expect(headers['cache-control']).toBe('no-store');
      },
    );

    it('has a nonce of its own each time', async () => {
      const [one, two] = await Promise.all([gateway.request('get', '/'), gateway.request('get', '/')]);
      expect(one.text).not.toBe(two.text);
    });

    it('is cached for ever where the name holds a hash, and checked each time where not', async () => {
      for (const path of ['/main-ABCD1234.js', '/chunk-8t_OW-hh.js']) {
        const { headers } = await gateway.request('get', path).expect(200);
        expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      }
      for (const path of ['/favicon.svg', '/theme-switcher.js']) {
        const { headers } = await gateway.request('get', path).expect(200);
        expect(headers['cache-control']).toBe('no-cache');
      }
    });

    it.each([
      ['/main-GONE0000.js', 'text/html'],
      ['/jails/sshd', 'application/json'],
      ['/.env', '*/*'],
      ['/api', 'text/html'],
      ['/api/x/y', 'text/html'],
      ['/%E0%A4%A', 'application/json'],
    ])('is not the answer at %s (%s)', async (path, accept) => {
      const { body, status } = await gateway.request('get', path).set('Accept', accept);
      expect([400, 404]).toContain(status);
      expect((body as { code?: string }).code).toMatch(/^request\//);
    });

    it.each(['/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '/media/..%5c..%5cetc/passwd'])(
      'never leaves its folder (%s)',
      async (path) => {
        const { text } = await gateway.request('get', path).set('Accept', '*/*');
        expect(text).not.toContain('root:');
      },
    );

    it('is only read', async () => {
      await gateway.request('post', '/jails').set('Accept', 'text/html').expect(404);
    });
  });

  describe('GET /api/docs', () => {
    it('describes the API to people without inline scripts, and to programs', async () => {
      const page = await gateway.request('get', '/api/docs').expect(200);
      expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
      for (const [, file] of page.text.matchAll(/(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/g)) {
        await gateway.request('get', file?.startsWith('docs') ? `/api/${file}` : `/api/docs/${file}`).expect(200);
      }
      const { body } = await gateway.request('get', '/api/docs/openapi.json').expect(200);
      expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Bailiff' } });
    });
  });

  describe('/api/v1/settings', () => {
    const change = (body: object) =>
      gateway.request('patch', '/api/v1/settings').set('Cookie', cookie).set(OWN_PAGE).send(body);

    it('changes a part, keeps the rest, and writes before and after into the audit log', async () => {
      const before = await gateway.request('get', '/api/v1/settings').set('Cookie', cookie).expect(200);
      const { body } = await change({ mapThresholds: { low: 1, medium: 2, high: 3 } }).expect(200);
      expect(body).toEqual({ ...(before.body as object), mapThresholds: { low: 1, medium: 2, high: 3 } });
      const [entry] = (await gateway.database.read.audit.page({ action: 'settings.change' }, {})).items;
      expect(entry).toMatchObject({
        result: 'ok',
        actor: 'operator',
        before: before.body as object,
        after: body as object,
      });
    });

    it.each([
      { timeZone: 'Europe/Atlantis' },
      { timeZone: '+02:00' },
      { mapThresholds: { low: 3, medium: 2, high: 1 } },
      { sessionDurationSeconds: 5 },
      { dateFormat: 'roman' },
    ])('refuses %j', async (body) => {
      await change(body).expect(400);
    });
  });

  describe('GET /api/v1/audit', () => {
    it('is searched and paged', async () => {
      const ask = async (query: string) =>
        (await gateway.request('get', `/api/v1/audit?${query}`).set('Cookie', cookie).expect(200)).body as {
          items: { id: string; action: string }[];
          nextCursor: string | null;
        };
      const all = await ask('limit=500');
      const first = await ask('limit=1');
      const second = await ask(`limit=1&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.items.slice(0, 2).map(({ id }) => id));
      expect((await ask('q=SETUP')).items.map(({ action }) => action)).toEqual(['setup.complete']);
      expect((await ask('action=setup.complete&result=failed')).items).toEqual([]);
    });

    it('is kept by a gateway that says it lives, so that nobody ends its acts', async () => {
      const signs = await gateway.database.read.gateways.signs();
      expect(signs).toEqual([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), beats: expect.any(Number) }]);
    });

    it('exports CSV that no spreadsheet runs, and JSON lines', async () => {
      const nasty = '=HYPERLINK("http://evil.example","x")\r\n"quoted"';
      await gateway.database.withTransaction(({ audit }) =>
        audit.begin(
          {
            ...{
              atMs: Date.now(),
              actor: '@SUM(1)',
              address: null,
              action: 'test.act',
              hostId: null,
              hostName: '-1+1',
            },
            ...{ target: nasty, before: null, after: { a: 1 }, correlationId: 'test-correlation' },
          },
          null,
        ),
      );
      const csv = await gateway
        .request('get', '/api/v1/audit/export?format=csv&action=test.act')
        .set('Cookie', cookie)
        .expect(200);
      expect(csv.headers['content-type']).toContain('text/csv');
      expect(csv.headers['content-disposition']).toContain('bailiff-audit.csv');
      expect(csv.text).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")`);
      expect(csv.text).toContain(",'@SUM(1),");
      expect(csv.text).toContain(",'-1+1,");
      const lines = await gateway
        .request('get', '/api/v1/audit/export?format=jsonl')
        .set('Cookie', cookie)
        .buffer(true)
        .parse((response, done) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => done(null, text));
        })
        .expect(200);
      const entries = String(lines.body)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { target: string | null });
      expect(entries.some(({ target }) => target === nasty)).toBe(true);
      await gateway.request('get', '/api/v1/audit/export?format=xlsx').set('Cookie', cookie).expect(400);
    });
  });

  describe('GET /api/health', () => {
    it('names what is away, and stays of use without Redis', async () => {
      await using own = await GatewayHarness.startReady();
      expect((await own.request('get', '/api/health').expect(200)).body).toMatchObject({ status: 'ok' });
      await own.redis.stop();
      const { body } = await own.request('get', '/api/health/ready').expect(200);
      const { status, checks } = body as { status: string; checks: { name: string; status: string }[] };
      expect(status).toBe('degraded');
      expect(checks.filter((check) => check.status === 'ok').map(({ name }) => name)).toEqual(['database']);
      await own.redis.start();
    });
  });
});
