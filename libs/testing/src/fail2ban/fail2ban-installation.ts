import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../core/find-binary.js';
import { withFileLock } from '../core/file-lock.js';
import { repositoryRoot } from '../core/repository-root.js';
import { runChecked, runCommand } from '../core/run-command.js';
import { tempDir } from '../core/temp-dir.js';
import { ServiceUnavailableError } from '../core/testing.errors.js';
import { allFail2banVersions, debianSuites, type Fail2banVersion } from './fail2ban-version.js';

/** One version of fail2ban on disk, ready to be run with its own configuration. */
export interface Fail2banInstallation {
  readonly version: Fail2banVersion;
  /** Folder with `usr/bin` and `etc/fail2ban`; `/` for the installed one. */
  readonly root: string;
  /** The Python that runs it. */
  readonly python: string;
  /** What must be in the environment of that Python. */
  readonly pythonEnv: Readonly<Record<string, string>>;
  readonly clientPath: string;
  readonly serverPath: string;
  /** Stock configuration of this version (jail.conf, filter.d, action.d). Read it, never write it. */
  readonly stockConfigDir: string;
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Where unpacked versions are kept: in the checkout, else in a folder of this user's own among the temporary files.
 * @throws {ServiceUnavailableError} when somebody else could write there: we would run their code.
 */
async function cacheFolder(): Promise<string> {
  const checkout = repositoryRoot();
  if (checkout !== undefined) return join(checkout, '.tooling', 'fail2ban');
  const { uid, username } = userInfo();
  const folder = join(tmpdir(), `bailiff-fail2ban-${username}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = await lstat(folder);
  if (owner !== uid || (mode & 0o022) !== 0)
    throw new ServiceUnavailableError(`${folder} is not ours alone: remove it`);
  return folder;
}

/** The first Debian mirror in apt's own sources, since it is the one that can be reached from here. */
async function debianMirror(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const listed = await readdir(folder).catch(() => []);
  const files = ['/etc/apt/sources.list', ...listed.sort().map((name) => join(folder, name))];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = /^(?!\s*#).*?(https?:\/\/\S+\/debian)\/?(?=\s)/m.exec(text);
    if (found?.[1] !== undefined) return found[1];
  }
  return 'http://deb.debian.org/debian';
}

function describeInstallation(version: Fail2banVersion, root: string, python: string): Fail2banInstallation {
  return {
    version,
    root,
    python,
    pythonEnv: root === '/' ? {} : { PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') },
    clientPath: join(root, 'usr/bin/fail2ban-client'),
    serverPath: join(root, 'usr/bin/fail2ban-server'),
    stockConfigDir: join(root, 'etc/fail2ban'),
  };
}

/** What `fail2ban-client --version` of an installation says, or what went wrong. */
async function versionSaid({ python, pythonEnv, clientPath }: Fail2banInstallation): Promise<string> {
  const { stdout, stderr } = await runCommand(python, [clientPath, '--version'], {
    cwd: '/',
    env: { ...process.env, ...pythonEnv },
  });
  return stdout.split('\n')[0]?.trim() || stderr.trim().slice(-500);
}

function requirePython(): string {
  const python = findBinary('python3');
  if (python === undefined)
    throw new ServiceUnavailableError('fail2ban needs Python: install python3 (apt-get install python3)');
  return python;
}

const checked = new Map<Fail2banVersion, Promise<Fail2banInstallation>>();

/**
 * A version of fail2ban to run: from the cache, else the installed one when it has that version, else unpacked from
 * Debian's package into the cache. Nothing is installed on the system, and root is not needed.
 * @throws {ServiceUnavailableError} saying what to do by hand.
 */
export function installedFail2ban(version: Fail2banVersion): Promise<Fail2banInstallation> {
  const known = checked.get(version);
  if (known !== undefined) return known;
  const found = findOrUnpack(version);
  checked.set(version, found);
  found.catch(() => checked.delete(version));
  return found;
}

async function findOrUnpack(version: Fail2banVersion): Promise<Fail2banInstallation> {
  const python = requirePython();
  const cache = await cacheFolder();
  const cached = describeInstallation(version, join(cache, version), python);
  if (existsSync(cached.clientPath)) return cached;
  const system = describeInstallation(version, '/', '/usr/bin/python3');
  if (existsSync(system.clientPath) && existsSync(system.python) && (await versionSaid(system)).endsWith(`v${version}`))
    return system;
  await mkdir(cache, { recursive: true });
  await withFileLock(join(cache, `${version}.lock`), async () => {
    if (!existsSync(cached.clientPath)) await unpack(cached);
  });
  return cached;
}

async function unpack(target: Fail2banInstallation): Promise<void> {
  const { version } = target;
  const suite = debianSuites[version];
  await using work = await tempDir('bailiff-apt-');
  const root = `${target.root}.partial-${process.pid}`;
  try {
    await downloadPackages(work.path, suite, version === '1.0.2' ? await missingPythonModules(target.python) : []);
    for (const file of await readdir(work.path)) {
      if (file.endsWith('.deb')) await runChecked('dpkg', ['-x', join(work.path, file), root]);
    }
    const said = await versionSaid(describeInstallation(version, root, target.python));
    if (!said.endsWith(`v${version}`))
      throw new ServiceUnavailableError(`the package of Debian ${suite} says "${said}"`);
    await rename(root, target.root);
  } catch (cause) {
    await rm(root, { recursive: true, force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServiceUnavailableError(
      `fail2ban ${version} cannot be had: ${reason}\nIt is unpacked from the package of Debian ${suite} (needs apt-get, dpkg, the package ` +
        `debian-archive-keyring and a Debian mirror). By hand: get that .deb, then: dpkg -x fail2ban_*.deb ${target.root}`,
      { cause },
    );
  }
}

/** 1.0.2 uses modules that Python dropped in 3.12; Debian has them as packages of their own. */
async function missingPythonModules(python: string): Promise<string[]> {
  const { exitCode } = await runCommand(python, ['-c', 'import asyncore, asynchat']);
  return exitCode === 0 ? [] : ['python3-pyasyncore', 'python3-pyasynchat'];
}

/** Puts the packages' files into `work`, with lists and caches of our own so that apt's are neither read nor written. */
async function downloadPackages(work: string, suite: string, helpers: readonly string[]): Promise<void> {
  if (!existsSync(keyring))
    throw new ServiceUnavailableError(`${keyring} is missing (apt-get install debian-archive-keyring)`);
  for (const folder of ['lists/partial', 'cache/archives/partial', 'state'])
    await mkdir(join(work, folder), { recursive: true });
  const mirror = await debianMirror();
  const source = (name: string): string => `deb [signed-by=${keyring}] ${mirror} ${name} main`;
  const fetch = async (name: string, packages: readonly string[]): Promise<void> => {
    const list = join(work, `${name}.list`);
    await writeFile(list, `${source(name)}\n`);
    const options = {
      'Dir::Etc::sourcelist': list,
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::State': join(work, 'state'),
      'Dir::State::lists': join(work, 'lists'),
      'Dir::State::status': '/dev/null',
      'Dir::Cache': join(work, 'cache'),
      'Debug::NoLocking': '1',
      'APT::Sandbox::User': 'root',
    };
    const words = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    await runChecked('apt-get', [...words, 'update', '-qq'], { cwd: work, timeoutMs: 180_000 });
    await runChecked('apt-get', [...words, 'download', '-qq', ...packages], { cwd: work, timeoutMs: 180_000 });
  };
  await fetch(suite, ['fail2ban']);
  if (helpers.length > 0) await fetch('trixie', helpers);
}

/** The versions that can be run right now without a download: in the cache, or installed. Oldest first. */
export async function availableFail2banVersions(): Promise<Fail2banVersion[]> {
  const system = describeInstallation('1.0.2', '/', '/usr/bin/python3');
  const cache = await cacheFolder();
  const said = existsSync(system.clientPath) ? await versionSaid(system) : '';
  return allFail2banVersions.filter(
    (version) => said.endsWith(`v${version}`) || existsSync(join(cache, version, 'usr/bin/fail2ban-client')),
  );
}
