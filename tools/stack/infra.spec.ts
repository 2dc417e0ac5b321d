import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { edgeAclLines } from '@bailiff/agent-channel';
import { describe, expect, it } from '@jest/globals';

import { repositoryRoot } from '../common/paths.ts';
import { agentMalloc, serverFlags, serverMalloc } from './app-plans.ts';
import { internalAclLines } from './private-redis.ts';

const template = (name: string) =>
  readFileSync(join(repositoryRoot, 'infra/redis', name), 'utf8')
    .trimEnd()
    .split('\n');

describe('infra/redis', () => {
  it('gives gateway and provisioner the rights that the channel was tested with', () => {
    const [gateway, provisioner] = ['a'.repeat(64), 'b'.repeat(64)];
    const filled = template('edge-users.acl.template').map((line) =>
      line.replace('@GATEWAY_PASSWORD_SHA256@', gateway).replace('@PROVISIONER_PASSWORD_SHA256@', provisioner),
    );
    expect(filled).toEqual(edgeAclLines({ gatewayPasswordSha256: gateway, provisionerPasswordSha256: provisioner }));
  });

  it('gives the queue the rights that ./bailiff up gives it', () => {
    const filled = template('int-users.acl.template').map((line) =>
      line.replace('@INTERNAL_PASSWORD_SHA256@', 'c'.repeat(64)),
    );
    expect(filled).toEqual(internalAclLines('c'.repeat(64)));
  });
});

describe('infra/systemd', () => {
  it('runs the agent as ./bailiff up does', () => {
    const unit = readFileSync(join(repositoryRoot, 'infra/systemd/bailiff-agent.service'), 'utf8');
    expect(unit).toContain(`MALLOC_ARENA_MAX=${agentMalloc.MALLOC_ARENA_MAX}`);
  });
});

describe('docs/operations.md', () => {
  it('names the settings of memory that ./bailiff up starts gateway and worker with', () => {
    const text = readFileSync(join(repositoryRoot, 'docs/operations.md'), 'utf8');
    for (const flag of serverFlags) expect(text).toContain(`node ${flag}`);
    expect(text).toContain(`MALLOC_ARENA_MAX=${serverMalloc.MALLOC_ARENA_MAX}`);
  });
});
