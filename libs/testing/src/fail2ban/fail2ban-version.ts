/** A version of fail2ban that the harness can run. */
export type Fail2banVersion = '1.0.2' | '1.1.0' | '1.1.1';

/** Where a version comes from: the Debian suite whose package carries it. */
export const debianSuites: Readonly<Record<Fail2banVersion, string>> = {
  '1.0.2': 'bookworm',
  '1.1.0': 'trixie',
  '1.1.1': 'sid',
};

/** Every version the harness can run, oldest first. */
export const allFail2banVersions: readonly Fail2banVersion[] = ['1.0.2', '1.1.0', '1.1.1'];

/** The versions every integration suite runs on: the oldest and the newest we support. */
export const testedFail2banVersions: readonly Fail2banVersion[] = ['1.0.2', '1.1.1'];
