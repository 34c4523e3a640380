/**
 * Breaks commands that a build agent would obey when it finds them in a log: `::error::` at the start of a line (the
 * runner trims it first, so indentation does not help), `##[error]` and `##vso[…]` anywhere. One character of each
 * comes out as its escape.
 * Sources: actions/runner, src/Runner.Common/ActionCommand.cs; Azure Pipelines, logging commands.
 */
export function defuseCommands(text: string): string {
  return defuseHashCommands(text.replace(/:(?=:\s*[a-z])/gi, '\\u003a'));
}

/** The half of it that is also right inside JSON, where `\u0023` is `#` and no line starts with `::`. */
export function defuseHashCommands(text: string): string {
  return text.includes('##') ? text.replace(/#(?=#(?:vso)?\[)/gi, '\\u0023') : text;
}
