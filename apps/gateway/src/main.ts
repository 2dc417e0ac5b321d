import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { bootstrap, gracefulShutdown, loadConfig, writeReadyFile } from '@bailiff/nest-kit';
import { openDatabase } from './core/database.provider.js';
import { createApp } from './create-app.js';
import { GatewayConfig } from './gateway.config.js';
import { SetupToken } from './setup/setup-token.js';

/** SIGTERM to exit, milliseconds. */
const SHUTDOWN_DEADLINE_MS = 9_000;

await bootstrap(async () => {
  process.umask(0o077); // the database, its journals and everything else in the data directory are ours alone
  const config = loadConfig(GatewayConfig, process.env, { prefix: ['BAILIFF_GATEWAY_', 'BAILIFF_EDGE_'] });
  const database = await openDatabase(config);
  const app = await createApp(config, database);
  gracefulShutdown(app, { deadlineMs: SHUTDOWN_DEADLINE_MS });
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = config.publicUrl?.replace(/\/$/, '') ?? `http://${hostInUrl(config.host)}:${port}`;
  const setupToken = await app.get(SetupToken).renew();
  if (setupToken !== null) {
    // To stderr, so that it is no part of the log that others may collect.
    process.stderr.write(`Bailiff is not set up yet. Open ${url}/setup?token=${setupToken}\n`);
  }
  if (config.readyFile !== undefined) writeReadyFile(config.readyFile, { url, port, setupToken, pid: process.pid });
});

/** An address to open in a browser: "all interfaces" is not one. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
