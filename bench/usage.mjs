// Preloaded into the scanner: tells at its end how much memory it had at its peak. Node tells it of itself alone.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.BENCH_USAGE_FILE, String(process.resourceUsage().maxRSS));
});
