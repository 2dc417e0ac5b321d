import { Env, IsAbsolutePath, LOG_LEVELS, type LogLevel } from '@bailiff/nest-kit/config';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

/** Everything the agent reads from its environment. */
export class AgentConfig {
  /** Keys, Redis credentials and `policy.json`; 0700. */
  @Env('BAILIFF_AGENT_CONFIG_DIR', { about: "The agent's keys and the host's policy.json." })
  @IsAbsolutePath()
  readonly configDir: string = '/etc/bailiff-agent';

  /** Journal, cursors and outbox; 0700. */
  @Env('BAILIFF_AGENT_STATE_DIR', { about: 'What the agent must not forget: cursors, outbox, command journal.' })
  @IsAbsolutePath()
  readonly stateDir: string = '/var/lib/bailiff-agent';

  @Env('BAILIFF_AGENT_FAIL2BAN_SOCKET', { about: "fail2ban's control socket." })
  @IsAbsolutePath()
  readonly fail2banSocket: string = '/run/fail2ban/fail2ban.sock';

  @Env('BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR', { about: 'Folder of jail.conf.' })
  @IsAbsolutePath()
  readonly fail2banConfigDir: string = '/etc/fail2ban';

  @Env('BAILIFF_AGENT_FAIL2BAN_CLIENT', { about: "The host's own fail2ban-client." })
  @IsAbsolutePath()
  readonly fail2banClient: string = '/usr/bin/fail2ban-client';

  @Env('BAILIFF_AGENT_FAIL2BAN_PYTHON', { about: 'The Python that runs fail2ban.' })
  @IsAbsolutePath()
  readonly fail2banPython: string = '/usr/bin/python3';

  @Env('BAILIFF_AGENT_SOCKET_TIMEOUT_MS', { about: 'Longest wait for one small reply of fail2ban, milliseconds.' })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly socketTimeoutMs: number = 5_000;

  @Env('BAILIFF_AGENT_READY_FILE', { about: 'Written once the agent runs: JSON with its process id and agent id.' })
  @IsOptional()
  @IsAbsolutePath()
  readonly readyFile?: string;

  @Env('BAILIFF_LOG_LEVEL', { about: 'fatal, error, warn, info, debug, trace or silent.' })
  @IsIn(LOG_LEVELS)
  readonly logLevel: LogLevel = 'info';
}
