import type { LiveMessage } from '@bailiff/contracts/http';
import { eventually } from '@bailiff/testing';
import { WebSocket } from 'ws';

/** A browser's end of the live feed. */
export class LiveProbe implements Disposable {
  readonly messages: LiveMessage[] = [];
  closeCode: number | undefined;
  private readonly socket: WebSocket;

  constructor(baseUrl: string, headers: Record<string, string>, since?: string) {
    const query = since === undefined ? '' : `?since=${since}`;
    this.socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/api/live${query}`, { headers });
    this.socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString()) as LiveMessage));
    this.socket.on('close', (code) => (this.closeCode = code));
    this.socket.on('error', () => undefined);
  }

  of<Type extends LiveMessage['type']>(type: Type): Extract<LiveMessage, { type: Type }>[] {
    return this.messages.filter((message): message is Extract<LiveMessage, { type: Type }> => message.type === type);
  }

  async ready(): Promise<this> {
    await eventually(() => this.of('ready').length > 0, { what: 'ready on the live feed' });
    return this;
  }

  async closed(): Promise<number> {
    await eventually(() => this.closeCode !== undefined, { what: 'the live feed to be closed' });
    return this.closeCode ?? 0;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
