import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GuardedWeb } from './guarded-web.js';
import { WebRequestError } from './web-request.error.js';

/** A resolver that answers each name with the listed addresses, in turn with the last one kept. */
const resolving = (answers: Record<string, string[][]>): LookupFunction => {
  return (name, _options, callback) => {
    const queue = answers[name] ?? [];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === undefined) callback(Object.assign(new Error(`${name} is unknown`), { code: 'ENOTFOUND' }), '', 0);
    else
      callback(
        null,
        next.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  };
};

describe(GuardedWeb.name, () => {
  let server: Server;
  let base: string;
  let port: number;
  let answer: RequestListener;
  let seen: { url: string; headers: Record<string, unknown>; body: string }[];
  const local = new GuardedWeb({ allowLoopback: true });
  const strict = new GuardedWeb();

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ url: request.url ?? '', headers: request.headers, body });
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    base = `http://127.0.0.1:${port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen = [];
    answer = (_request, response) => response.end('hello');
  });

  const code = async (request: Promise<unknown>): Promise<string> => {
    const failure: unknown = await request.catch((error: unknown) => error);
    if (!(failure instanceof WebRequestError)) throw new Error(`no WebRequestError: ${String(failure)}`);
    return failure.code;
  };

  it('gives the answer with status, headers and decompressed body', async () => {
    answer = (_request, response) => {
      response.writeHead(404, { 'content-encoding': 'gzip', etag: '"a"' }).end(gzipSync('not here'));
    };
    const response = await local.request({ url: `${base}/x`, httpsOnly: false });
    expect(response).toMatchObject({ status: 404, url: `${base}/x`, headers: { etag: '"a"' } });
    expect(response.body.toString()).toBe('not here');
  });

  it('sends a body and headers', async () => {
    await local.request({ url: base, httpsOnly: false, method: 'POST', body: '{"a":1}', headers: { Key: 'secret' } });
    expect(seen).toMatchObject([{ body: '{"a":1}', headers: { key: 'secret', 'user-agent': 'Bailiff' } }]);
  });

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'nonsense',
    'https://user:pass@example.org/',
    'http://8.8.8.8/',
  ])('refuses %s', async (url) => {
    expect(await code(local.request({ url }))).toBe('web/url-refused');
  });

  it.each(['http', 'https'])('refuses literal addresses that are not public, over %s', async (protocol) => {
    for (const host of ['127.0.0.1', '[::1]', '169.254.169.254', '10.0.0.1', '[::ffff:7f00:1]', '2130706433', '0x7f.1'])
      expect(await code(strict.request({ url: `${protocol}://${host}:${port}/`, httpsOnly: false }))).toBe(
        'web/address-refused',
      );
    expect(seen).toEqual([]);
  });

  it.each(['http', 'https'])('refuses names that lead to such an address, over %s', async (protocol) => {
    const web = new GuardedWeb({
      resolver: resolving({ 'a.test': [['10.1.2.3']], 'b.test': [['8.8.8.8', 'fd00::1']] }),
    });
    for (const host of ['a.test', 'b.test'])
      expect(await code(web.request({ url: `${protocol}://${host}/`, httpsOnly: false }))).toBe('web/address-refused');
  });

  it('refuses the name of this machine', async () => {
    expect(await code(strict.request({ url: `http://localhost:${port}/`, httpsOnly: false }))).toBe(
      'web/address-refused',
    );
    expect(seen).toEqual([]);
  });

  it('refuses a name that changes to such an address for a redirect (rebinding)', async () => {
    const resolver = resolving({ 'evil.test': [['127.0.0.1'], ['169.254.169.254']] });
    const web = new GuardedWeb({ allowLoopback: true, resolver });
    answer = (_request, response) => {
      response.writeHead(302, { location: `http://evil.test:${port}/again` }).end();
    };
    expect(await code(web.request({ url: `http://evil.test:${port}/`, httpsOnly: false }))).toBe('web/address-refused');
    expect(seen.map(({ url }) => url)).toEqual(['/']);
  });

  it.each([
    ['a metadata address', 'http://169.254.169.254/latest', 'web/address-refused'],
    ['another protocol', 'file:///etc/passwd', 'web/url-refused'],
  ])('follows no redirect to %s', async (_what, location, expected) => {
    answer = (_request, response) => {
      response.writeHead(302, { location }).end();
    };
    expect(await code(local.request({ url: base, httpsOnly: false }))).toBe(expected);
    expect(seen).toHaveLength(1);
  });

  it('follows redirects, and takes secrets along to the same origin only', async () => {
    const resolver = resolving({ 'other.test': [['127.0.0.1']] });
    const web = new GuardedWeb({ allowLoopback: true, resolver });
    answer = (request, response) => {
      const next: Record<string, string> = { '/1': '/2', '/2': `http://other.test:${port}/3` };
      const location = next[request.url ?? ''];
      if (location === undefined) response.end('there');
      else response.writeHead(307, { location }).end();
    };
    const { url, body } = await web.request({ url: `${base}/1`, httpsOnly: false, headers: { Key: 'secret' } });
    expect({ url, body: body.toString() }).toEqual({ url: `http://other.test:${port}/3`, body: 'there' });
    expect(seen.map(({ headers }) => headers['key'])).toEqual(['secret', 'secret', undefined]);
  });

  it('carries no password out of a redirect', async () => {
    answer = ({ url }, response) => {
      if (url === '/in') response.end();
      else response.writeHead(302, { location: `http://a:b@localhost:${port}/in` }).end();
    };
    await local.request({ url: base, httpsOnly: false });
    expect(seen.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
  });

  it('gives up on a circle of redirects, and hands one over when told to follow none', async () => {
    answer = (_request, response) => {
      response.writeHead(302, { location: '/' }).end();
    };
    expect(await code(local.request({ url: base, httpsOnly: false }))).toBe('web/too-many-redirects');
    expect(await local.request({ url: base, httpsOnly: false, maxRedirects: 0 })).toMatchObject({ status: 302 });
  });

  it('stops at the size limit, counted after decompression', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000)));
    };
    expect(await code(local.request({ url: base, httpsOnly: false, maxBytes: 100_000 }))).toBe('web/body-too-large');
  });

  it('stops at the time limit and when the caller aborts', async () => {
    answer = () => undefined;
    expect(await code(local.request({ url: base, httpsOnly: false, timeoutMs: 50 }))).toBe('web/timed-out');
    const abort = new AbortController();
    answer = () => abort.abort(new Error('enough'));
    await expect(local.request({ url: base, httpsOnly: false, signal: abort.signal })).rejects.toThrow('enough');
  });

  it('says so when nobody answers, never trying twice', async () => {
    answer = (request) => request.socket.destroy();
    expect(await code(local.request({ url: base, httpsOnly: false }))).toBe('web/unreachable');
    expect(seen).toHaveLength(1);
  });
});
