import { type MemoryWire, memoryTransport, type VerifiedCommand } from '../src/index.js';
import { type TestAgent, TestGateway } from './channel-fixture.js';

/** A gateway and one agent on a wire in memory. */
export class MemoryPair implements AsyncDisposable {
  readonly gateway = new TestGateway();
  readonly agent: TestAgent = this.gateway.addAgent();
  readonly wire: MemoryWire;
  private readonly ends = memoryTransport();

  constructor() {
    this.wire = this.ends.wire;
  }

  get id(): string {
    return this.agent.identity.agentId;
  }

  /** Every command that reached the agent's application. */
  get ran(): readonly VerifiedCommand[] {
    return this.agent.ran;
  }

  async startGateway(extra: Parameters<TestGateway['start']>[1] = {}): Promise<void> {
    await this.gateway.start(this.wire.gateway(), extra);
  }

  async startAgent(extra: Parameters<TestAgent['start']>[1] = {}): Promise<void> {
    await this.agent.start(this.wire.agent(this.id), extra);
  }

  call(cmd: string, args: unknown = {}, ttlMs = 5_000): Promise<unknown> {
    return this.gateway.endpoint.call(this.id, cmd, args, { ttlMs });
  }

  get isOnline(): boolean {
    return this.gateway.endpoint.isOnline(this.id);
  }

  /** Codes of this agent's alarms so far. */
  get alarms(): string[] {
    return this.gateway.alarmCodes(this.id);
  }

  /** Bytes of every entry of a stream. */
  bytes(stream: 'cmd' | 'out'): Buffer[] {
    return this.wire.entries(stream, this.id).flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  }

  /** Swallows the next message of a stream. */
  swallowNext(stream: 'cmd' | 'out'): void {
    this.wire.filter = (of) => {
      if (of !== stream) return true;
      this.wire.filter = () => true;
      return false;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop();
  }
}
