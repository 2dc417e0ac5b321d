import {
  AclProvisioner,
  type AgentEndpointOptions,
  edgeAclLines,
  type GatewayEndpointOptions,
  passwordSha256,
  streamsAgentTransport,
  streamsGatewayTransport,
} from '../src/index.js';
import { type TestAgent, TestGateway } from './channel-fixture.js';

/** ACL lines for a Redis of ours, plus an administrator who plays the attacker that owns Redis. */
export const attackedAclLines = (): string[] => [
  ...edgeAclLines({ gatewayPasswordSha256: passwordSha256('gw'), provisionerPasswordSha256: passwordSha256('prov') }),
  'user root on >root ~* &* +@all',
];

/** Settings of the edge Redis that the design asks for, small enough for tests. */
export const edgeArgs = [
  ...['--client-output-buffer-limit', 'normal 32mb 16mb 10'],
  ...['--proto-max-bulk-len', '1mb'],
  ...['--client-query-buffer-limit', '1mb'],
  ...['--acllog-max-len', '1000'],
];

/** A gateway on a real edge Redis, and the means to add agents to it. Dispose of it before Redis. */
export class EdgeFixture implements AsyncDisposable {
  readonly provisioner: AclProvisioner;
  readonly gateway = new TestGateway();

  constructor(private readonly port: number) {
    this.provisioner = new AclProvisioner({ url: this.url('prov') });
  }

  /** URL for a user whose password is its name. */
  url(user: string): string {
    return `redis://${user}:${user}@127.0.0.1:${this.port}`;
  }

  async startGateway(extra: Partial<GatewayEndpointOptions> = {}): Promise<void> {
    await this.gateway.start(streamsGatewayTransport({ url: this.url('gw') }), extra);
  }

  /** Makes an agent known to Redis and gateway; its Redis password is its user name. */
  async addAgent(): Promise<TestAgent> {
    const agent = this.gateway.addAgent();
    const { agentId } = agent.identity;
    await this.provisioner.provision(agentId, passwordSha256(`ag-${agentId}`));
    return agent;
  }

  async startAgent(agent: TestAgent, extra: Partial<AgentEndpointOptions> = {}): Promise<void> {
    const { agentId } = agent.identity;
    await agent.start(streamsAgentTransport({ url: this.url(`ag-${agentId}`), agentId }), extra);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop();
    await this.provisioner.close();
  }
}
