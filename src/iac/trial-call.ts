const trialFolder = /^(?:tests?|examples?|samples?|e2e)$/i;
const trialFile = /\.tests?\.bicep$/i;

/**
 * True when a template is called from a test or an example of it: from a folder or file of that name that the template
 * is outside of. Such a call does not mean that the template is not deployed in its own right. Both are keys of
 * templates.
 */
export function isTrialCall(caller: string, called: string): boolean {
  const [from, to] = [segmentsOf(caller), segmentsOf(called)];
  const shared = from.findIndex((segment, index) => segment !== to[index]);
  const own = shared === -1 ? [] : from.slice(shared);
  return own.some((segment) => trialFolder.test(segment) || trialFile.test(segment));
}

/** Of a Terraform module the key is `terraform:` and its folder. */
function segmentsOf(key: string): readonly string[] {
  return key
    .replace(/^terraform:/, '')
    .split('/')
    .filter((segment) => segment !== '');
}
