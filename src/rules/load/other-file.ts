import { type DocumentKind, recogniseDocument } from '../../documents/document-kind.ts';
import { useOf } from '../../documents/document-use.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/**
 * Says what a file is that is not a rule, and where it belongs; `undefined` for one that may be meant as a rule,
 * however much is wrong with it.
 */
export function describeOtherFile(value: Json): string | undefined {
  const kind = isBegunRule(value) ? undefined : recogniseDocument(value);
  if (kind !== undefined && kind.name !== 'configuration') return describeKind(kind);
  // A file that holds several rules has them under `rules`, as a configuration has their ids.
  const found = isJsonObject(value) ? otherFiles.find(({ isOne }) => isOne(value)) : undefined;
  if (found !== undefined) return `this is ${found.what}, not a rule; ${found.advice}`;
  if (kind !== undefined) return describeKind(kind);
  if (Array.isArray(value)) return describeList(value);
  return isJsonObject(value) && isForeign(value) ? foreign : undefined;
}

function describeKind(kind: DocumentKind): string {
  const use = useOf(kind);
  return `this is ${kind.what}, not a rule; keep it out of the folder of rules${use === '' ? '' : `; ${use}`}`;
}

function describeList({ length }: readonly Json[]): string {
  return length === 1
    ? 'this is a list, not a rule: a file holds the rule itself'
    : `this is a list of ${length}, not a rule: a file holds one rule, so put each in a file of its own`;
}

/** A kind of file that is found among rules, and that no command reads. */
interface OtherFile {
  readonly what: string;
  readonly advice: string;
  readonly isOne: (value: JsonObject) => boolean;
}

const otherFiles: readonly OtherFile[] = [
  {
    what: 'an Azure Policy definition',
    advice: 'a rule says under require what must hold',
    isOne(value) {
      const { properties } = value;
      const definition = isJsonObject(properties) ? properties['policyRule'] : value['policyRule'];
      return definition !== undefined || (value['if'] !== undefined && value['then'] !== undefined);
    },
  },
  {
    what: 'a list of rules',
    advice: 'a file holds one rule, so put each in a file of its own',
    isOne: ({ rules, require }) =>
      require === undefined && (Array.isArray(rules) ? rules.some(isJsonObject) : isJsonObject(rules)),
  },
];

const foreign =
  'this is not a rule: it has no id, severity, resourceType or require; keep other files out of the folder of rules';

/** True for an object without a key that only rules have, and with others: one that was meant for another program. */
function isForeign(value: JsonObject): boolean {
  return !isBegunRule(value) && Object.keys(value).some((key) => !sharedKeys.has(key));
}

function isBegunRule(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  return ['id', 'severity', 'resourceType', 'require'].some((key) => value[key] !== undefined);
}

/** Keys of a rule that files of many kinds have. */
const sharedKeys = new Set(['$schema', 'name', 'title', 'description', 'parameters', 'references', 'when']);
