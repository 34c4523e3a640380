// Everything that reads and checks YAML of users, as one module: it is loaded only where a file of theirs is named.
import { scanReportFormats } from '../../reporters/scan/formats.ts';
import { configLoader } from '../../rules/load/config.ts';

export { loadExemptions } from '../../rules/load/exemptions.ts';
export { loadRules } from '../../rules/load/rules.ts';

/** Loads a configuration file, as `configLoader` does; paths stay as written. */
export const loadConfig = configLoader(Object.keys(scanReportFormats));
