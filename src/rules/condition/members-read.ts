import type { Condition, Rule } from '../../model/rule.ts';
import { parsePath } from '../../model/field-path.ts';

/** The top-level members of a body that the conditions of a rule read, such as `properties`. */
export function membersRead({ when, require }: Pick<Rule, 'when' | 'require'>): ReadonlySet<string> {
  const paths = [...(when === undefined ? [] : pathsIn(when)), ...pathsIn(require)];
  return new Set(
    paths.flatMap((path) => {
      const [root] = parsePath(path);
      return root?.kind === 'key' ? [root.key] : [];
    }),
  );
}

function pathsIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'allOf':
    case 'anyOf':
      return condition.conditions.flatMap(pathsIn);
    case 'not':
      return pathsIn(condition.condition);
    case 'comparison': {
      const { operand } = condition;
      if (operand.kind === 'field') return [operand.path];
      if (operand.kind === 'value') return [];
      return [operand.field, ...(operand.where === undefined ? [] : pathsIn(operand.where))];
    }
  }
}
