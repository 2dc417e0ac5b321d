import { streamsAgentTransport } from '@bailiff/agent-channel';
import { KitModule, runWithCorrelationId } from '@bailiff/nest-kit';
import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AgentDaemon } from './agent-daemon.js';
import type { AgentConfig } from './agent.config.js';
import { type Enrolment, writeTrustedKeys } from './enrol/enrolment-files.js';

/** The daemon inside Nest: built from configuration and keys, stopped with the application. */
@Injectable()
export class RunningAgent implements OnApplicationShutdown {
  constructor(readonly daemon: AgentDaemon) {}

  onApplicationShutdown(): Promise<void> {
    return this.daemon.stop();
  }
}

/** The agent as a Nest application context: no HTTP, no inbound port. */
@Module({})
export class AgentModule {
  static forRoot(config: AgentConfig, enrolment: Enrolment): DynamicModule {
    return {
      module: AgentModule,
      imports: [KitModule.forRoot({ service: 'agent', level: config.logLevel })],
      providers: [
        {
          provide: RunningAgent,
          inject: [PinoLogger],
          useFactory: (log: PinoLogger) => {
            const { identity, redis } = enrolment;
            const daemon = new AgentDaemon({
              config,
              enrolment,
              transport: streamsAgentTransport({ ...redis, agentId: identity.agentId }),
              log: {
                info: (fields, message) => log.info(fields, message),
                warn: (fields, message) => log.warn(fields, message),
                error: (fields, message) => log.error(fields, message),
              },
              within: runWithCorrelationId,
              trust: (keys) => Promise.resolve(writeTrustedKeys(config.configDir, identity, keys)),
            });
            return new RunningAgent(daemon);
          },
        },
      ],
    };
  }
}
