import { scanReportFormats } from '../../reporters/scan/formats.ts';
import { configLoader } from '../../rules/load/config.ts';

/** Loads a configuration file, as `configLoader` does; paths stay as written. */
export const loadConfig = configLoader(Object.keys(scanReportFormats));
