/** Names and tags that people have given things, or could: what it is, and the text. */
export const hostileTexts: readonly (readonly [string, string])[] = [
  ['a table pipe', 'a|b'],
  ['an escaped table pipe', 'a\\|b'],
  ['backticks', '`code` and ``more``'],
  ['a script', '<script>alert(1)</script>'],
  ['an image with a handler', '<img src=x onerror=alert(1)>'],
  ['a closed details block', '</details></summary><h1>x'],
  ['a workflow command', '::error::owned'],
  ['a workflow command behind spaces', '   ::add-mask::owned'],
  ['a workflow command of the old form', 'x ##[error]owned'],
  ['a pipelines command', '##vso[task.setvariable variable=x]owned'],
  ['an ANSI colour', '\u001b[31mred\u001b[0m'],
  ['a terminal title', '\u001b]0;owned\u0007'],
  ['a terminal hyperlink', '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\'],
  ['an eight-bit escape', '\u009b31mred'],
  ['a right-to-left override', 'kv-\u202egnp.exe'],
  ['bidirectional isolates and marks', '\u2066a\u2069\u200eb\u200fc\u061cd'],
  ['zero-width signs', 'kv\u200b-pro\ufeffd\u00ad'],
  ['tag characters', 'kv\u{e0041}\u{e0042}'],
  ['a formula', '=HYPERLINK("http://evil.example","x")'],
  ['newlines', 'one\ntwo\r\nthree\ttab'],
  ['a newline and a command', 'x\n::error::owned'],
  ['unicode line ends', 'one\u2028two\u2029three\u0085four'],
  ['a Markdown link', '[click](http://evil.example)'],
  ['a Markdown image', '![x](http://evil.example/x.png)'],
  ['a link into SARIF', '[here](1)'],
  ['a placeholder', 'value {0} of {1}'],
  ['a mention', '@octocat please look at #1 and GH-2'],
  ['addresses', 'https://evil.example www.evil.example mail@evil.example'],
  ['emphasis and maths', '**bold** _it_ ~~gone~~ $x^2$ :tada:'],
  ['a heading and a rule', '# heading\n---\n- item'],
  ['a null and a bell', 'a\u0000b\u0007c\u007f'],
  ['half a character', 'a\ud83d'],
  ['code points that are no characters', 'a\ufffeb\uffffc\u{1ffff}'],
  ['wide signs', '金庫の名前 🔐 vault'],
  ['nothing', ''],
];

/** Everything that a terminal, a bidirectional renderer or a line reader would act upon; line ends are ours. */
export const actedUpon =
  /(?!\n)\p{Cc}|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}|\p{Noncharacter_Code_Point}/u;

/** What the runner of GitHub Actions or the agent of Azure Pipelines would take for a command. */
export const commands = /^\s*::[a-z][\w-]*.*::|##(?:vso)?\[/im;
