// A scan of an inventory, step by step as src/cli takes them, each timed from within. Prints milliseconds as JSON.
import { readFile, writeFile } from 'node:fs/promises';

const steps = {};
let last = 0;
function mark(name) {
  const now = performance.now();
  steps[name] = now - last;
  last = now;
}
mark('Node starts');

const [root, built, inventory, output] = process.argv.slice(2);
const load = (name) => import(`${built}/${name}.mjs`);
await load('cli/commands/scan');
const { policyFiles } = await load('files/policy-files');
const { prepareScan } = await load('usecases/run-scan');
const { inventorySource } = await load('sources/inventory/inventory');
const { scan } = await load('usecases/scan');
const { scanReportFormats } = await load('reporters/scan/formats');
mark('modules load');

const none = [];
const flags = {
  subscriptions: none,
  managementGroups: none,
  inventory,
  policies: none,
  defaultPolicies: true,
  rules: none,
  excludeRules: none,
  parameters: none,
  outputs: none,
};
const now = () => new Date();
const ports = {
  files: policyFiles({ packageRoot: root, cwd: process.cwd() }),
  now,
  onNotice: () => undefined,
};
const { policies } = await prepareScan({ flags, config: undefined, paths: none }, ports);
mark('rules load');

const events = [];
const source = inventorySource({ name: inventory, read: () => readFile(inventory) });
for await (const event of source.read(new AbortController().signal)) events.push(event);
mark('the inventory is read');

const report = await scan({
  tool: { name: 'purgeproof', version: '0.0.0' },
  rules: policies.compiled,
  source: {
    async *read() {
      yield* events;
    },
  },
  exemptions: [],
  now,
  includeCompliant: false,
  signal: new AbortController().signal,
});
mark('vaults are judged');

await writeFile(output, [...scanReportFormats.json.render(report, {})].join(''));
mark('the report is written');
process.stdout.write(JSON.stringify(steps));
