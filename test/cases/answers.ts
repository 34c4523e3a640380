import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator, type Emulator, type EmulatorOptions, type Fault } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { fakeClock } from '../azure/fake-clock.ts';
import { run, type Outcome, type Setting } from '../cli/run.ts';

/** The subscription of the cases' vaults, and the tenant of the cases' tokens. */
export const subscription = 'aaaaaaaa-0000-4000-8000-000000000001';
const tenantId = '99999999-9999-4999-8999-999999999999';

/** A file of a case, as text. */
export function caseText(name: string, file: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/cases', name, file), 'utf8');
}

/** The error answer of a case, as a fault that hits as long as it is asked. */
export function answerOf(name: string, status: number, match: Fault['match'] = {}): Fault {
  return { kind: 'status', status, match, body: JSON.parse(caseText(name, 'answer.json')), times: 1e6 };
}

/** The program in a folder of its own, over an Azure that holds the vaults of a case. */
export interface CaseStage {
  readonly azure: Emulator;
  readonly cwd: string;
  /** Runs a command line, split at spaces. */
  readonly purgeproof: (line: string, setting?: Setting) => Promise<Outcome>;
  /** How many requests have matched. */
  readonly count: (method: string, path?: RegExp) => number;
  /** By the clock that waiting for Azure takes. */
  readonly elapsedMs: () => number;
}

/** Sets a case up; waiting takes no time. */
export function caseStage(name: string, options: EmulatorOptions = {}): CaseStage {
  const resources: JsonObject[] = JSON.parse(caseText(name, 'vaults.json'));
  const clock = fakeClock(Date.parse('2026-11-24T12:00:00Z'));
  const begun = clock.now();
  const azure = emulator(
    {
      tenantId,
      managementGroups: [{ id: 'mg', displayName: 'Group' }],
      subscriptions: [{ id: subscription, name: 'one', managementGroup: 'mg' }],
      resources,
    },
    { now: () => clock.now(), ...options },
  );
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-case-'));
  const { credential } = azure;
  const httpClient = clock.watch(azure.httpClient);
  return {
    azure,
    cwd,
    purgeproof: (line, setting = {}) =>
      run(line.split(' '), { cwd, azure: { credential, httpClient, clock }, ...setting }),
    count: (method, path = /./) =>
      azure.requests.filter((request) => request.method === method && path.test(request.path)).length,
    elapsedMs: () => clock.now() - begun,
  };
}
