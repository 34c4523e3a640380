import type { Problem } from '../../model/errors.ts';
import { type Locate, locator, type SourceText } from '../source-text.ts';
import { hcl } from '../syntax/dialect.ts';
import { attempt, statements } from '../syntax/statements.ts';
import { type Block, keywords, parseFile } from './block.ts';
import { readJsonBlocks } from './json-blocks.ts';

/** A block, and how to find the places of its offsets. */
export interface LocatedBlock {
  readonly block: Block;
  readonly locate: Locate;
}

/** Every block of a file, in HCL or in Terraform's JSON syntax. What is not understood is reported in `problems`. */
export function readBlocks(source: SourceText, problems: Problem[]): readonly LocatedBlock[] {
  const locate = locator(source);
  const blocks = source.path.endsWith('.json')
    ? readJsonBlocks(source, problems)
    : statements(source.text, { dialect: hcl, keywords }).cursors.flatMap((cursor) => {
        const body = attempt(
          () => parseFile(cursor),
          (message, at) => problems.push({ ...locate(at), message }),
        );
        return body?.blocks ?? [];
      });
  return blocks.map((block) => ({ block, locate }));
}
