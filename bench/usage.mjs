// Preloaded into the scanner: tells at its end its peak of memory and its processor time. Node tells it of itself alone.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(process.env.BENCH_USAGE_FILE, `${maxRSS} ${userCPUTime + systemCPUTime}`);
});
