import { setLogLevel } from '@azure/logger';
import { afterEach } from 'vitest';

/** What the program or a library of it reads, and a shell, a CI system or a proxy sets. `FORCE_COLOR` is set by Vitest itself on a terminal. */
const read =
  /^(?:FORCE_COLOR|NO_COLOR|COLUMNS|LINES|CI|DEBUG|(?:GITHUB|RUNNER|ACTIONS|INPUT|AZURE|ARM|IDENTITY|MSI)_.*|(?:https?|all|no)_proxy)$/i;

// Tests say themselves what stands in the environment: where they are run makes no difference.
for (const name of Object.keys(process.env)) if (read.test(name)) delete process.env[name];

// The log of the Azure SDKs is one for a process, and what one test asks for is not written by the next.
afterEach(() => setLogLevel());
