export { eventually, type EventuallyOptions } from './core/eventually.js';
export { freePort } from './core/free-port.js';
export { runChecked, runCommand, type CommandResult, type RunCommandOptions } from './core/run-command.js';
export { SpawnedProcess, spawnProcess, type ProcessExit, type SpawnProcessOptions } from './core/spawn-process.js';
export { tempDir, type TempDir } from './core/temp-dir.js';
export * from './core/testing.errors.js';
export { Fail2banInstance, startFail2ban } from './fail2ban/fail2ban-instance.js';
export {
  availableFail2banVersions,
  installedFail2ban,
  type Fail2banInstallation,
} from './fail2ban/fail2ban-installation.js';
export type { Fail2banOptions, JailOptions } from './fail2ban/fail2ban-options.js';
export { allFail2banVersions, testedFail2banVersions, type Fail2banVersion } from './fail2ban/fail2ban-version.js';
export { startNetworkNamespace, type NetworkNamespace } from './network/network-namespace.js';
export { startRedis } from './redis/start-redis.js';
export type { RedisInstance, RedisOptions } from './redis/redis-instance.js';
export { launchChromium, type LaunchChromiumOptions } from './browser/launch-chromium.js';
export { startPostgres } from './postgres/start-postgres.js';
export type { PostgresInstance } from './postgres/postgres-instance.js';
export type { Backend } from './core/backend.js';
