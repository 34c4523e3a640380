import type { FunctionCompiler } from '../context.ts';
import { conditionals } from './conditionals.ts';
import { conversions } from './conversions.ts';
import { dates } from './dates.ts';
import { dynamics } from './dynamics.ts';
import { numbers } from './numbers.ts';
import { strings } from './strings.ts';

/** The scalar functions, by name. */
export const functions: Readonly<Record<string, FunctionCompiler>> = {
  ...conditionals,
  ...conversions,
  ...dates,
  ...dynamics,
  ...numbers,
  ...strings,
};
