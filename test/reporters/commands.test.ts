import { expect, test } from 'vitest';
import { advice, styleFor } from '../../src/reporters/terminal/style.ts';
import { adviceParts } from '../../src/reporters/text/commands.ts';
import { markdownAdvice } from '../../src/reporters/text/markdown.ts';

const hint =
  'The identity needs the role Reader on it: `az role assignment create --role Reader --scope /subscriptions/2efec293-7875-4d12-8734-90861292b4c8 --assignee <object id>`. Then scan again.';

test('the commands of an advice stand apart, without what ends the sentence', () => {
  expect(adviceParts('Sign in: `az login`, or see `purgeproof permissions`.')).toEqual([
    { kind: 'text', text: 'Sign in:' },
    { kind: 'command', text: 'az login' },
    { kind: 'text', text: 'or see' },
    { kind: 'command', text: 'purgeproof permissions' },
  ]);
  expect(adviceParts('The value `true` and the key `a b` are no commands.')).toHaveLength(1);
});

test.for([40, 80, 200])('a command is one line of a terminal of %i columns', (width) => {
  const text = advice(
    { label: '  ', width: 2, text: 'What to do:', hint },
    styleFor({ color: false, width }),
  );
  expect(text.split('\n')).toContain(
    '    az role assignment create --role Reader --scope /subscriptions/2efec293-7875-4d12-8734-90861292b4c8 --assignee <object id>',
  );
  expect(text).toMatch(/^ {2}What to do: The identity/);
  expect(text).toMatch(/\n {2}Then scan again\.\n$/);
});

test('a command is code in Markdown', () => {
  expect(markdownAdvice(hint)).toMatch(/on it: <code>az role [^<]*<\/code> Then scan again\.$/);
});
