// Writes .env.example from the config classes of the built apps: `pnpm env-example`, after `pnpm build:server`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentConfig } from '../apps/agent/dist/agent.config.js';
import { GatewayConfig } from '../apps/gateway/dist/gateway.config.js';
import { WorkerConfig } from '../apps/worker/dist/worker.config.js';
import { renderEnvExample } from '../libs/nest-kit/dist/index.js';

const sections = [
  { title: 'gateway', type: GatewayConfig },
  { title: 'worker', type: WorkerConfig },
  { title: 'agent', type: AgentConfig },
];
writeFileSync(join(import.meta.dirname, '..', '.env.example'), renderEnvExample(sections));
