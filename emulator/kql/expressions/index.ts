import type { Compiler, ExpressionCompiler } from '../context.ts';
import { part, unsupported } from '../syntax.ts';
import { arithmeticOperator, compileDivide, compileModulo, signOperator } from './arithmetic.ts';
import { compileCall } from './call.ts';
import { between, equality, ordering } from './comparison.ts';
import { compileAnd, compileOr } from './logic.ts';
import { membership } from './membership.ts';
import { compileElement, compileLiteral, compileName, compilePath } from './reference.ts';
import { compileMatchesRegex, termList, textOperator, textTests, type TextTest } from './string-operators.ts';

/** Makes the compiler of scalar expressions: syntax in, closure out, once per query. */
export function expressionCompiler(now: number): Compiler {
  const compiler: Compiler = {
    now,
    compile: (node) => {
      const compile = compilers[node.kind];
      if (compile === undefined) throw unsupported(node);
      return compile(node, compiler);
    },
  };
  return compiler;
}

const compilers: Readonly<Record<string, ExpressionCompiler>> = {
  ...literals(),
  NameReference: compileName,
  PathExpression: compilePath,
  ElementExpression: compileElement,
  ParenthesizedExpression: (node, compiler) => compiler.compile(part(node, 'Expression')),
  FunctionCallExpression: compileCall,
  AndExpression: compileAnd,
  OrExpression: compileOr,
  EqualExpression: equality(false),
  NotEqualExpression: equality(true),
  LessThanExpression: ordering((sign) => sign < 0),
  LessThanOrEqualExpression: ordering((sign) => sign <= 0),
  GreaterThanExpression: ordering((sign) => sign > 0),
  GreaterThanOrEqualExpression: ordering((sign) => sign >= 0),
  BetweenExpression: between(false),
  NotBetweenExpression: between(true),
  // The parser's names are the other way round than they sound: `InCsExpression` is `in~`.
  InExpression: membership({ negated: false, caseSensitive: true }),
  NotInExpression: membership({ negated: true, caseSensitive: true }),
  InCsExpression: membership({ negated: false, caseSensitive: false }),
  NotInCsExpression: membership({ negated: true, caseSensitive: false }),
  EqualTildeExpression: textOperator(textTests.equals),
  BangTildeExpression: textOperator(textTests.equals, { negated: true }),
  ...textFamily('Contains', textTests.contains),
  ...textFamily('StartsWith', textTests.startsWith),
  ...textFamily('EndsWith', textTests.endsWith),
  ...textFamily('Has', textTests.has),
  ...textFamily('HasPrefix', textTests.hasPrefix),
  ...textFamily('HasSuffix', textTests.hasSuffix),
  HasAnyExpression: termList(false),
  HasAllExpression: termList(true),
  MatchesRegexExpression: compileMatchesRegex,
  AddExpression: arithmeticOperator((a, b) => a + b),
  SubtractExpression: arithmeticOperator((a, b) => a - b),
  MultiplyExpression: arithmeticOperator((a, b) => a * b),
  DivideExpression: compileDivide,
  ModuloExpression: compileModulo,
  UnaryMinusExpression: signOperator(-1),
  UnaryPlusExpression: signOperator(1),
};

function literals(): Record<string, ExpressionCompiler> {
  const kinds = [
    'String',
    'CompoundString',
    'Boolean',
    'Int',
    'Long',
    'Real',
    'Guid',
    'DateTime',
    'Timespan',
  ];
  return Object.fromEntries([
    ...kinds.map((kind) => [`${kind}LiteralExpression`, compileLiteral] as const),
    ['DynamicExpression', compileLiteral] as const,
    ['TypeOfLiteralExpression', () => () => null] as const,
  ]);
}

function textFamily(name: string, test: TextTest): Record<string, ExpressionCompiler> {
  return {
    [`${name}Expression`]: textOperator(test),
    [`${name}CsExpression`]: textOperator(test, { caseSensitive: true }),
    [`Not${name}Expression`]: textOperator(test, { negated: true }),
    [`Not${name}CsExpression`]: textOperator(test, { negated: true, caseSensitive: true }),
  };
}
