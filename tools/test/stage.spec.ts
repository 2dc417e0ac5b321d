import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { countJest, testEnvironment } from './stage.ts';

describe(countJest.name, () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'bailiff-stage-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));
  const report = (counts: object) => {
    const path = join(dir, 'report.json');
    const none = {
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 0,
      success: true,
    };
    writeFileSync(path, JSON.stringify({ ...none, ...counts }));
    return path;
  };

  it('counts tests', () => {
    expect(countJest(report({ numPassedTests: 5 }), true)).toEqual({ passed: 5, failed: 0 });
    expect(countJest(report({ numPassedTests: 5, numFailedTests: 2, success: false }), false)).toEqual({
      passed: 5,
      failed: 2,
    });
  });

  it('counts a spec that does not load, and a skipped test, as failed', () => {
    expect(countJest(report({ numRuntimeErrorTestSuites: 1, success: false }), false)).toEqual({
      passed: 0,
      failed: 1,
    });
    expect(countJest(report({ numPassedTests: 1, numPendingTests: 1 }), true)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a run that failed without a failed test, or without a report, as failed', () => {
    expect(countJest(report({ numPassedTests: 5 }), false)).toEqual({ passed: 5, failed: 1 });
    expect(countJest(join(dir, 'absent.json'), true)).toEqual({ passed: 0, failed: 1 });
  });
});

describe(testEnvironment.name, () => {
  it("keeps the caller's own installation out of the tests", () => {
    const env = testEnvironment({
      PATH: '/bin',
      BAILIFF_GATEWAY_PORT: '1',
      DATABASE_URL: 'x',
      DATABASE_URL_FILE: 'x',
      REDIS_URL: 'x',
    });
    expect(env).toEqual({ PATH: '/bin' });
  });
});
