import type { Problem } from '../../model/errors.ts';
import { checkoutPath } from '../checkout/checkout-path.ts';
import { resolvePath } from '../checkout/source-path.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { scalarOf, type Values } from '../evaluation/value.ts';
import { hcl } from '../languages/dialect.ts';
import type { Entry, Expression } from '../languages/expression.ts';
import { attempt, statements } from '../languages/statements.ts';
import type { Template } from '../programs/template.ts';
import { attributeOf, type HclBlock, type HclBody, parseFile } from '../terraform/block.ts';

/** An `include` block: the label by which its names are known, and where the other file is. */
interface Include {
  readonly label: string | undefined;
  readonly path: Expression;
  readonly mergeStrategy: Expression | undefined;
}

/** A Terragrunt file: `terragrunt.hcl`, or one that such a file includes or reads. */
export interface TerragruntConfig {
  readonly path: string;
  readonly locals: readonly Entry[];
  readonly inputs: Entry | undefined;
  readonly includes: readonly Include[];
  /** The module that it deploys. */
  readonly source: Expression | undefined;
  /** The texts of files that its `generate` blocks write into the module. */
  readonly generated: readonly Expression[];
  /** The arguments, files and environment that it adds to commands. */
  readonly extraArguments: readonly HclBlock[];
  readonly locate: Locate;
}

/** The Terragrunt files of a checkout. */
export interface TerragruntConfigs {
  /** The file of a path, read once; `undefined` where there is none. */
  readonly configAt: (path: string) => TerragruntConfig | undefined;
  /** The text of every file, by its path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The folder below which every file is known. */
  readonly root: string;
  /** Evaluates an expression with these names. */
  readonly valuesIn: (names: Template, expression: Expression) => Values;
}

/** Words that begin a block at the margin; source: https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/. */
const keywords: ReadonlySet<string> = new Set(
  'terraform include locals dependency dependencies generate remote_state feature exclude errors engine'.split(
    ' ',
  ),
);

/** Reads a Terragrunt file. What is not understood is reported in `problems`. */
export function readConfig(source: SourceText, problems: Problem[]): TerragruntConfig {
  const locate = locator(source);
  const bodies = statements(source.text, { dialect: hcl, keywords }).cursors.flatMap((cursor): HclBody[] => {
    const body = attempt(
      () => parseFile(cursor),
      (message, at) => problems.push({ ...locate(at), message }),
    );
    return body === undefined ? [] : [body];
  });
  const blocks = bodies.flatMap((body) => body.blocks);
  const attributes = bodies.flatMap((body) => body.attributes);
  const terraform = blocks.find(({ type }) => type === 'terraform');
  return {
    path: source.path,
    locals: blocks.filter(({ type }) => type === 'locals').flatMap((block) => block.attributes),
    inputs: attributes.find(({ key }) => key === 'inputs'),
    includes: blocks.flatMap(includeOf),
    source: attributeOf(terraform, 'source'),
    generated: blocks.flatMap((block) =>
      block.type === 'generate' ? (attributeOf(block, 'contents') ?? []) : [],
    ),
    extraArguments: (terraform?.blocks ?? []).filter(({ type }) => type === 'extra_arguments'),
    locate,
  };
}

function includeOf(block: HclBlock): readonly Include[] {
  const path = attributeOf(block, 'path');
  if (block.type !== 'include' || path === undefined) return [];
  const [label] = block.labels;
  return [{ label, path, mergeStrategy: attributeOf(block, 'merge_strategy') }];
}

/**
 * The path in the checkout that a value names, from `folder` where it is relative; `undefined` for the address of a
 * repository. `//` only tells Terragrunt what to copy.
 */
export function pathIn(path: Values, folder: string | undefined): string | undefined {
  const written = scalarOf(path);
  if (typeof written !== 'string' || /[:?]/.test(written)) return undefined;
  return checkoutPath(written) ?? (folder === undefined ? undefined : resolvePath(folder, written));
}
