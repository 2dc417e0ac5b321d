import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** Resource record types this server speaks. */
const TYPES: Record<number, 'A' | 'PTR' | 'AAAA' | undefined> = { 1: 'A', 12: 'PTR', 28: 'AAAA' };
const RCODES = { nxdomain: 3, servfail: 2, refused: 5 } as const;

/** What a name has: texts of records, an error, or silence. */
export type DnsAnswer = readonly string[] | keyof typeof RCODES | 'silent';

/** A real name server over UDP (RFC 1035) for a handful of names, such as `7.2.0.192.in-addr.arpa PTR`. */
export class DnsServer implements AsyncDisposable {
  /** Questions heard, as `name TYPE`. */
  readonly asked: string[] = [];
  readonly answers = new Map<string, DnsAnswer>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (message, from) => this.reply(message, from));
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new DnsServer(socket);
  }

  /** As a resolver's list of servers has it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private reply(message: Buffer, from: RemoteInfo): void {
    const { name, end } = readName(message, 12);
    const type = TYPES[message.readUInt16BE(end)];
    const question = `${name} ${type ?? '?'}`;
    this.asked.push(question);
    const answer = this.answers.get(question) ?? 'nxdomain';
    if (answer === 'silent') return;
    const records = typeof answer === 'string' ? [] : answer;
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? RCODES[answer] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const parts = [header, message.subarray(12, end + 4)];
    for (const text of records) parts.push(record(message.readUInt16BE(end), type ?? 'A', text));
    this.socket.send(Buffer.concat(parts), from.port, from.address);
  }
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function record(typeNumber: number, type: 'A' | 'PTR' | 'AAAA', text: string): Buffer {
  const data = type === 'PTR' ? nameBytes(text) : addressBytes(text);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(typeNumber, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(label, 'latin1'));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
}

/** IPv4, or IPv6 written out in eight groups. */
function addressBytes(text: string): Buffer {
  if (text.includes('.')) return Buffer.from(text.split('.').map(Number));
  return Buffer.from(text.split(':').flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}
