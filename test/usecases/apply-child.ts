import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { planLock } from '../../src/files/apply/file-lock.ts';
import { risks } from '../../src/model/risk.ts';
import { parsePlan } from '../../src/remediation/plan-file.ts';
import { liveVaults } from '../../src/sources/open-vaults.ts';
import { apply } from '../../src/usecases/apply.ts';
import { mortalRun } from './mortal.ts';

const [planPath = '', ...argv] = process.argv.slice(2);
const { connection, request } = await mortalRun(argv);
const plan = parsePlan(readFileSync(planPath), planPath);
await apply({
  ...request,
  plan,
  lock: planLock({ file: planPath, hash: plan.hash, temporary: dirname(planPath) }),
  selection: { only: [], rules: [] },
  limits: { allow: risks, maxChanges: 25 },
  dryRun: false,
  vaults: liveVaults(connection),
});
