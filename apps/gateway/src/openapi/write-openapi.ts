import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@bailiff/persistence';
import { createApp } from '../create-app.js';
import { GatewayConfig } from '../gateway.config.js';
import { openApiDocument } from './openapi-document.js';

/** `node dist/openapi/write-openapi.js FILE`: writes the committed copy of the API's description. Nothing is started or asked. */
const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('usage: write-openapi FILE\n');
  process.exit(2);
}
const dataDir = await mkdtemp(join(tmpdir(), 'bailiff-openapi-'));
const database = await Database.open({ sqlitePath: join(dataDir, 'empty.db') });
const app = await createApp(Object.assign(new GatewayConfig(), { dataDir, logLevel: 'silent' }), database);
await writeFile(target, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
await rm(dataDir, { recursive: true });
// Redis is not there and need not be: the clients would go on looking for it.
process.exit(0);
