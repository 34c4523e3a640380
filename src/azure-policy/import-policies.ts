import { inReadingOrder, locateAll, type UserDocument } from '../documents/document.ts';
import type { Problem } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import { findDefinitions, withoutEscapes } from './find-definitions.ts';
import { slug } from './policy-words.ts';
import { type Definition, readDefinition } from './read-definition.ts';
import {
  checkPassed,
  type Initiative,
  type Membership,
  membershipOf,
  readInitiative,
} from './read-initiative.ts';
import { ruleOfDefinition } from './to-rule.ts';

/** The rules of files of Azure Policy, and everything that is wrong with the files. */
export interface ImportedPolicies {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
  /** Definitions that are about other resources, and members of initiatives that are not among the files: no rules come of them. */
  readonly passedOver: readonly Problem[];
}

/** True for a document that holds a definition or an initiative of Azure Policy. */
export function isAzurePolicy(value: Json): boolean {
  return findDefinitions(value).length > 0;
}

/** Makes rules of every definition; one that is a member of an initiative is judged as that passes its parameters. */
export function importPolicies(documents: readonly UserDocument[]): ImportedPolicies {
  const definitions: Definition[] = [];
  const initiatives: Initiative[] = [];
  for (const document of documents)
    for (const one of findDefinitions(document.value)) {
      const { kind, entry, mistakes } = withoutEscapes(one);
      if (kind === 'definition') definitions.push(readDefinition({ entry }, document, mistakes));
      else initiatives.push(readInitiative({ entry }, document, mistakes));
    }
  const members = initiatives.flatMap((initiative) => membersOf(initiative, definitions));
  const used = new Set(members.map(({ definition }) => definition));
  const alone = definitions.filter((one) => !used.has(one)).map((definition) => made(definition));
  const all = [...initiatives.map(mistakesOf), ...members, ...alone];
  const rules = all.flatMap((one) => one.rules);
  return {
    rules,
    problems: inReadingOrder([...all.flatMap(({ problems }) => problems), ...clashes(rules)]),
    passedOver: inReadingOrder(all.flatMap(({ passedOver }) => passedOver)),
  };
}

/** The outcome of one definition or initiative. */
interface Made extends ImportedPolicies {
  readonly definition?: Definition;
}

function outcome(parts: Partial<Made>): Made {
  return { rules: [], problems: [], passedOver: [], ...parts };
}

function mistakesOf({ document, mistakes }: Initiative): Made {
  return outcome({ problems: locateAll(document, mistakes) });
}

function made(definition: Definition, membership?: Membership): Made {
  const result = ruleOfDefinition(definition, membership);
  const { document, entry } = definition;
  if (result.kind === 'mistakes')
    return outcome({ definition, problems: locateAll(document, result.mistakes) });
  if (result.kind === 'rule') return outcome({ definition, rules: [result.rule] });
  const about = result.types.length === 0 ? 'no resource that is read' : result.types.join(', ');
  const message = `${definition.azureName} is passed over: it is about ${about}`;
  return outcome({ definition, passedOver: [{ ...document.locate(entry.path), message }] });
}

function membersOf(initiative: Initiative, definitions: readonly Definition[]): readonly Made[] {
  const { members, document, title } = initiative;
  return members.map((member): Made => {
    const definition = definitions.find(({ azureName }) => azureName === member.azureName);
    if (definition === undefined) {
      const message = `${member.azureName} is passed over: ${title} names it, and its definition is not among the files`;
      return outcome({ passedOver: [{ ...document.locate(member.entry.path), message }] });
    }
    const wrong = checkPassed(member, definition.parameters);
    if (wrong.length > 0) return outcome({ definition, problems: locateAll(document, wrong) });
    const isOnlyOnce = members.filter((one) => one.azureName === member.azureName).length === 1;
    const id = isOnlyOnce ? definition.id : `${definition.id}-${slug(member.referenceId ?? '')}`;
    return made(definition, membershipOf(initiative, member, { id, definition }));
  });
}

/** Ids that several definitions have, or that are kept for the rules that ship with purgeproof. */
function clashes(rules: readonly Rule[]): readonly Problem[] {
  const taken = new Map<string, Rule>();
  return rules.flatMap((rule): readonly Problem[] => {
    const { id, location } = rule;
    const earlier = taken.get(id);
    if (earlier === undefined) taken.set(id, rule);
    if (/^akv\d/u.test(id))
      return [
        {
          ...location,
          message: `"${id}" is reserved: AKV and digits make the ids of purgeproof's own rules`,
        },
      ];
    if (earlier === undefined) return [];
    const { file, line, column } = earlier.location;
    return [
      {
        ...location,
        message: `the definition "${id}" is at ${file}:${line}:${column} already; keep one of them`,
      },
    ];
  });
}
