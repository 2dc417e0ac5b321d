import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFail2ban, tempDir, testedFail2banVersions, type Fail2banInstance, type TempDir } from '@bailiff/testing';
import { buildAgent, runAgentCli } from '../../test/test-agent.spec.js';

beforeAll(buildAgent, 300_000);

describe('bailiff-agent', () => {
  it.each([[['--help']], [['f2b', '--help']], [['enrol', '-h']], [['status', '--help']], [['doctor', '--help']]])(
    'explains %j',
    async (args) => {
      const { code, stdout } = await runAgentCli(args, {});
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: bailiff-agent/);
    },
  );

  it.each([
    [['nonsense']],
    [['f2b']],
    [['f2b', '--bogus', '--', 'ping']],
    [['enrol']],
    [['enrol', 'ftp://x']],
    [['run', 'x']],
  ])('refuses %j with usage', async (args) => {
    const { code, stdout, stderr } = await runAgentCli(args, {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: ');
  });

  it('refuses a setting that does not exist, by name', async () => {
    const { code, stderr } = await runAgentCli(['status'], { BAILIFF_AGENT_SOKET: '/x' });
    expect(code).toBe(1);
    expect(stderr).toContain('BAILIFF_AGENT_SOKET');
  });

  it('says what to do when the host is not enrolled', async () => {
    await using dir = await tempDir();
    const env = { BAILIFF_AGENT_CONFIG_DIR: `${dir.path}/etc`, BAILIFF_AGENT_STATE_DIR: `${dir.path}/var` };
    const { code, stderr } = await runAgentCli(['run'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('bailiff-agent enrol URL');
  });

  it('says why an enrolment failed, and writes nothing', async () => {
    await using dir = await tempDir();
    const env = { BAILIFF_AGENT_CONFIG_DIR: `${dir.path}/etc`, BAILIFF_AGENT_STATE_DIR: `${dir.path}/var` };
    const token = `${'0'.repeat(16)}.${'A'.repeat(43)}`;
    const failed = await runAgentCli(['enrol', 'http://127.0.0.1:9', '--token-file', '-'], env, token);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('nothing was changed');
    expect((await runAgentCli(['enrol', 'http://127.0.0.1:9', '--token-file', '-'], env, 'x')).code).toBe(1);
    expect((await runAgentCli(['enrol', 'http://127.0.0.1:9'], env, token)).stderr).toContain('--token-file');
    expect((await runAgentCli(['fingerprint'], env)).code).toBe(1);
  });
});

describe.each(testedFail2banVersions)('bailiff-agent on fail2ban %s', (version) => {
  let f2b: Fail2banInstance;
  let dir: TempDir;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    f2b = await startFail2ban({ version, jails: { one: {}, off: { enabled: false } } });
    dir = await tempDir();
    env = {
      BAILIFF_AGENT_CONFIG_DIR: `${dir.path}/etc`,
      BAILIFF_AGENT_STATE_DIR: `${dir.path}/var`,
      BAILIFF_AGENT_FAIL2BAN_SOCKET: f2b.socketPath,
      BAILIFF_AGENT_FAIL2BAN_CONFIG_DIR: f2b.configDir,
      BAILIFF_AGENT_FAIL2BAN_CLIENT: f2b.clientPath,
      BAILIFF_AGENT_FAIL2BAN_PYTHON: f2b.python,
    };
  });
  afterAll(async () => {
    await f2b[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  it('sends one command and prints the reply as JSON', async () => {
    const one = await runAgentCli(
      ['f2b', '--socket', f2b.socketPath, '--json', '--', 'set', 'one', 'banip', '192.0.2.1'],
      {},
    );
    expect(one).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    const listed = await runAgentCli(['f2b', '--', 'get', 'one', 'banip', '--with-time'], env);
    expect(JSON.parse(listed.stdout)).toEqual([expect.stringMatching(/^192\.0\.2\.1 \t/)]);
    const failed = await runAgentCli(['f2b', '--', 'status', 'none'], env);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toEqual({ ok: false, error: { type: 'UnknownJailException', args: ['none'] } });
  });

  it('answers line by line, in order, whatever comes', async () => {
    const lines = [
      '["ping"]',
      '["status","nope"]',
      '{',
      '',
      '["get","one","bantime"]',
      '[7]',
      '["sleep","9"]',
      '["ping"]',
    ];
    const { code, stdout } = await runAgentCli(['f2b', '--stdin', '--timeout-ms', '5000'], env, lines.join('\n'));
    expect(code).toBe(0);
    const replies = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(replies).toMatchObject([
      { ok: true, value: 'pong' },
      { ok: false, error: { type: 'UnknownJailException', args: ['nope'] } },
      { ok: false, error: { type: 'BadRequest' } },
      { ok: false, error: { type: 'BadRequest' } },
      { ok: true, value: 600 },
      { ok: false, error: { type: 'BadRequest' } },
      { ok: false },
      { ok: true, value: 'pong' },
    ]);
    expect(replies).toHaveLength(lines.length);
  });

  it('answers hundreds of lines', async () => {
    const input = '["status"]\n'.repeat(500);
    const { stdout } = await runAgentCli(['f2b', '--stdin'], env, input);
    expect(stdout.split('\n').filter((line) => line.includes('"ok":true'))).toHaveLength(500);
  });

  it('shows status for people and for scripts', async () => {
    const { code, stdout } = await runAgentCli(['status', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      agentId: null,
      fail2ban: {
        version,
        jails: [
          { name: 'off', status: 'inactive' },
          { name: 'one', status: 'running' },
        ],
      },
    });
    expect((await runAgentCli(['status'], env)).stdout).toContain(version);
    const away = await runAgentCli(['status'], { ...env, BAILIFF_AGENT_FAIL2BAN_SOCKET: '/nonexistent/socket' });
    expect(away.code).toBe(1);
    expect(away.stdout).toContain('not reachable');
  });

  it('names what is missing and what to do', async () => {
    const { code, stdout } = await runAgentCli(['doctor', '--json'], env);
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; remedy?: string }[] };
    const failed = checks.filter(({ state }) => state === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['enrolment', 'policy', 'connection to Redis']),
    );
    expect(failed.every(({ remedy }) => remedy !== undefined && remedy !== '')).toBe(true);
    expect(checks.find(({ name }) => name === 'fail2ban database')?.state).toBe('ok');
  });
});
