import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@bailiff/persistence';
import { createApp } from '../create-app.js';
import { GatewayConfig } from '../gateway.config.js';
import { PROBLEM_TABLE } from '../problem-table.js';
import { openApiDocument } from './openapi-document.js';
import { problemList } from './problem-list.js';

/**
 * `node dist/openapi/write-openapi.js FOLDER`: writes the committed copies of the API's description and of the list of problem
 * codes. Nothing is started or asked.
 */
const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('usage: write-openapi FOLDER\n');
  process.exit(2);
}
const dataDir = await mkdtemp(join(tmpdir(), 'bailiff-openapi-'));
const database = await Database.open({ sqlitePath: join(dataDir, 'empty.db') });
const app = await createApp(Object.assign(new GatewayConfig(), { dataDir, logLevel: 'silent' }), database);
await writeFile(join(target, 'openapi.json'), `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
await writeFile(join(target, 'problems.md'), problemList(PROBLEM_TABLE));
await rm(dataDir, { recursive: true });
// Redis is not there and need not be: the clients would go on looking for it.
process.exit(0);
