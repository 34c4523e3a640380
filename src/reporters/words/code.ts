import type { CodeScope } from '../../model/coverage.ts';

const formWords: Readonly<Record<CodeScope['form'], string>> = {
  template: 'the template',
  bicep: 'the Bicep file',
  terraform: 'the plan',
  source: 'the code in',
};

/** `the template main.json with prod.json`: code that is not deployed yet. */
export function codeWords({ form, path, parameters }: CodeScope): string {
  return `${formWords[form]} ${path}${parameters === undefined ? '' : ` with ${parameters}`}`;
}
