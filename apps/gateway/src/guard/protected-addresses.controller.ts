import {
  ProtectedAddressRequest,
  type HostProtection,
  type ProtectedAddresses,
  type ProtectedAddressEntry,
} from '@bailiff/contracts/http';
import { Database, type Host } from '@bailiff/persistence';
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../auth/actor.js';
import { CurrentActor } from '../auth/current-actor.decorator.js';
import { Requires } from '../auth/requires.decorator.js';
import { AgentCommands } from '../channel/agent-commands.js';
import { CommandFailedError } from '../channel/command-failure.js';
import { LockoutGuard } from './lockout-guard.js';
import { ProtectedList } from './protected-list.js';

/** A page waits for no host longer than this, milliseconds. */
const ASK_MS = 4_000;
const AUTOMATIC = ['operator', 'session', 'gateway'] as const;

@ApiTags('bans')
@Controller('v1/protected-addresses')
export class ProtectedAddressesController {
  constructor(
    private readonly list: ProtectedList,
    private readonly guard: LockoutGuard,
    private readonly commands: AgentCommands,
    private readonly database: Database,
  ) {}

  /** What is never banned without force, and why. */
  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Addresses that are protected from bans' })
  async read(@CurrentActor() actor: Actor): Promise<ProtectedAddresses> {
    const [entries, guarded, usable] = await Promise.all([
      this.list.entries(),
      this.guard.guarded(actor),
      this.database.read.hosts.listUsable(),
    ]);
    const automatic = new Map<string, ProtectedAddresses['automatic'][number]>();
    for (const { network, owner } of guarded) {
      const known = AUTOMATIC.find((one) => one === owner);
      if (known !== undefined && !automatic.has(network)) automatic.set(network, { address: network, owner: known });
    }
    return {
      entries,
      automatic: [...automatic.values()],
      hosts: await Promise.all(usable.map((host) => this.ask(host))),
    };
  }

  /** Protects one more. */
  @Post()
  @Requires('config')
  @ApiOperation({ summary: 'Protect an address or network' })
  add(@CurrentActor() actor: Actor, @Body() request: ProtectedAddressRequest): Promise<ProtectedAddressEntry> {
    return this.list.add(actor, request);
  }

  /** Protects it no longer. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('config')
  @ApiOperation({ summary: 'Take an address off the protected list' })
  remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.list.remove(actor, id);
  }

  private async ask({ id, name }: Host): Promise<HostProtection> {
    try {
      const { own, listed } = await this.commands.command(id, 'guard.list', {}, ASK_MS);
      return { hostId: id, hostName: name, own, listed, problem: null };
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      return { hostId: id, hostName: name, own: [], listed: [], problem: error.code };
    }
  }
}
