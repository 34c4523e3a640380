// Searches every file below a folder for one word, and prints the milliseconds of processor time that it took.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let found = 0;
for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes('Microsoft.KeyVault'))
    found += 1;
}
const { userCPUTime, systemCPUTime } = process.resourceUsage();
process.stderr.write(`${found} files\n`);
process.stdout.write(String((userCPUTime + systemCPUTime) / 1000));
