import type { KeyObject } from 'node:crypto';

/** Private half of one party's keys. `kid` is 1 to 15 and names the pair on the wire. */
export interface PrivateKeys {
  readonly kid: number;
  /** Ed25519 private key. */
  readonly signing: KeyObject;
  /** X25519 private key. */
  readonly sealing: KeyObject;
}

/** Public half of one party's keys. */
export interface PublicKeys {
  readonly kid: number;
  /** Ed25519 public key. */
  readonly signing: KeyObject;
  /** X25519 public key. */
  readonly sealing: KeyObject;
  /** Last moment at which messages under this key are believed, milliseconds since the epoch by the gateway's clock. */
  readonly validUntil?: number;
}

export type AgentKeys = PrivateKeys;
export type GatewayPublicKeys = PublicKeys;

/** An agent's public keys as the gateway knows them; `previous` is still accepted until its `validUntil`. */
export interface AgentPublicKeys extends PublicKeys {
  readonly previous?: PublicKeys;
}

/** Every private key pair the gateway still accepts, and the one it signs with for newly welcomed agents. */
export interface GatewayKeys {
  readonly current: number;
  readonly all: readonly PrivateKeys[];
}

/** Who an agent is, and whom it obeys. */
export interface AgentIdentity {
  readonly agentId: string;
  readonly keys: AgentKeys;
  readonly gateway: readonly GatewayPublicKeys[];
}

/** `PublicKeys` as JSON: raw 32-byte keys in base64url. */
export interface SerialisedPublicKeys {
  kid: number;
  ed25519: string;
  x25519: string;
  validUntil?: number;
}

/** `PrivateKeys` as JSON: PKCS#8 PEM. Secret: 0600 files or a secret store only. */
export interface SerialisedPrivateKeys {
  kid: number;
  ed25519: string;
  x25519: string;
}

/** `GatewayKeys` as JSON. Secret. */
export interface SerialisedGatewayKeys {
  current: number;
  all: SerialisedPrivateKeys[];
}
