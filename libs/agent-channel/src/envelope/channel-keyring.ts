import type { KeyObject } from 'node:crypto';
import { EnvelopeError } from '../errors/envelope.error.js';
import type { PrivateKeys, PublicKeys } from '../keys/keys.js';
import type { Direction } from '../messages/message.js';
import { checkFrame, open, peekKids, seal, type SealingContext, sealingContext } from './envelope.js';

interface Pair {
  readonly mine: PrivateKeys;
  readonly theirs: PublicKeys;
  readonly outgoing: SealingContext;
  readonly incoming: SealingContext;
}

/** Signs, seals, opens and verifies for one agent, on either side, under every pair of keys in force. Derives each key once. */
export class ChannelKeyring {
  private readonly pairs = new Map<string, Pair>();

  /**
   * @param mine own key pairs; the first is the preferred one
   * @param theirs the other side's; the first is the preferred one
   * @param now the gateway's clock in milliseconds, to judge `validUntil`
   */
  constructor(
    private readonly agentId: string,
    private readonly side: 'gateway' | 'agent',
    private mine: readonly PrivateKeys[],
    private theirs: readonly PublicKeys[],
    private readonly now: () => number,
  ) {}

  /** Replaces the keys in force; what was derived from others is forgotten. */
  replace(mine: readonly PrivateKeys[], theirs: readonly PublicKeys[]): void {
    this.mine = mine;
    this.theirs = theirs;
    this.pairs.clear();
  }

  /** Signs and seals `json`. `myKid` chooses among own pairs, `theirKid` among the other side's; default the preferred. */
  seal(json: Buffer, myKid?: number, theirKid?: number): Buffer {
    const mine = pick(this.mine, myKid);
    const theirs = pick(this.theirs, theirKid);
    if (mine === undefined || theirs === undefined) throw new EnvelopeError('unknown_kid', 'no such key');
    const pair = this.pair(mine, theirs);
    return seal(pair.outgoing, mine.signing, json);
  }

  /**
   * Opens an envelope from the other side.
   * @throws {EnvelopeError} see `open`
   */
  open(bytes: Buffer): { json: Buffer; myKid: number; theirKid: number } {
    checkFrame(bytes);
    const kids = peekKids(bytes);
    const [myKid, theirKid] =
      this.side === 'gateway' ? [kids?.gatewayKid, kids?.agentKid] : [kids?.agentKid, kids?.gatewayKid];
    const mine = this.mine.find((key) => key.kid === myKid);
    const theirs = this.theirs.find((key) => key.kid === theirKid);
    if (mine === undefined || theirs === undefined || (theirs.validUntil ?? Infinity) < this.now()) {
      throw new EnvelopeError('unknown_kid', `keys ${myKid ?? 0} and ${theirKid ?? 0}`);
    }
    const json = open(this.pair(mine, theirs).incoming, theirs.signing, bytes);
    return { json, myKid: mine.kid, theirKid: theirs.kid };
  }

  private pair(mine: PrivateKeys, theirs: PublicKeys): Pair {
    const name = `${mine.kid}/${theirs.kid}`;
    const known = this.pairs.get(name);
    if (known !== undefined) return known;
    const isGateway = this.side === 'gateway';
    const [out, back]: [Direction, Direction] = isGateway ? ['g2a', 'a2g'] : ['a2g', 'g2a'];
    const pair: Pair = {
      mine,
      theirs,
      outgoing: sealingContext(mine, theirs, out, this.agentId, isGateway),
      incoming: sealingContext(mine, theirs, back, this.agentId, isGateway),
    };
    this.pairs.set(name, pair);
    return pair;
  }
}

function pick<K extends { kid: number; signing: KeyObject }>(
  keys: readonly K[],
  kid: number | undefined,
): K | undefined {
  return kid === undefined ? keys[0] : keys.find((key) => key.kid === kid);
}
