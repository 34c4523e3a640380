import { groupsBy } from '../../model/groups-by.ts';
import { shellWord } from '../text/shell.ts';
import {
  caseArms,
  type CommandLine,
  type OfferedFlag,
  type OfferedValues,
  type OfferedWord,
  steps,
  valuesByFlag,
} from './command-line.ts';

/**
 * A script that completes the command line in bash 3.2 or newer, without the package bash-completion. Bash breaks words at
 * `=`, unless COMP_WORDBREAKS was changed.
 */
export function bashCompletion(line: CommandLine): string {
  const { program, version } = line;
  return `# Completes the commands of ${program} ${version} in bash.
_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD-1]} command='' words='' start='' list='' path='' index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
${caseArms(
  steps(line).map((step) => [step, 'command="${command:+$command }${COMP_WORDS[index]}"']),
  '      ',
)}
    esac
  done
  if [[ $current == = ]]; then
    current=''
    [[ $flag == -* ]] || path=1
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD-2]}
    [[ $flag == -* ]] || path=1
  elif [[ $current == --*=* ]]; then
    flag=\${current%%=*} start="\${current%%=*}=" current=\${current#*=}
  fi
  if [[ -z $path ]]; then
${bashCases(line)}
  fi
  if [[ -n $path ]]; then
    compopt -o default 2>/dev/null || {
      local IFS=$'\\n'
      COMPREPLY=($(compgen -P "$start" -f -- "$current"))
    }
    return
  fi
  if [[ -n $list && $current == *,* ]]; then
    start+="\${current%,*}," current=\${current##*,}
  fi
  COMPREPLY=($(compgen -P "$start" -W "$words" -- "$current"))
}
complete -F _${program} ${program}
`;
}

/** Sets the words for the value of the flag before the cursor, or else for what may come next. */
function bashCases(line: CommandLine): string {
  const { commands } = line;
  const flags = commands.map(({ words, flags }) => {
    const names = flags.flatMap((flag) => flag.names);
    return [words, `words=${shellWord(names.join(' '))}`] as const;
  });
  return `    case "$command $flag" in
${caseArms(
  valuesByFlag(line).map(([flag, values]) => [flag, bashWords(values)]),
  '      ',
)}
      *)
        case "$command" in
${caseArms(
  commands.map(({ words, next }) => [words, bashWords(next)]),
  '          ',
)}
        esac
        if [[ $current == -* || -z $words$path ]]; then
          path=''
          case "$command" in
${caseArms(flags, '            ')}
          esac
        fi
        ;;
    esac`;
}

function bashWords({ words, isList, isPath }: OfferedValues): string {
  if (words.length === 0) return isPath ? 'path=1' : ':';
  return `words=${shellWord(words.map(({ word }) => word).join(' '))}${isList ? ' list=1' : ''}`;
}

/** A script that completes the command line in zsh: evaluated after `compinit`, or kept in a folder of `fpath`. */
export function zshCompletion(line: CommandLine): string {
  const { program, version, commands } = line;
  return `#compdef ${program}
# Completes the commands of ${program} ${version} in zsh.
_${program}() {
  local command flag=$words[CURRENT-1] index list paths
  local -a values
  for ((index = 2; index < CURRENT; index++)); do
    case "$command $words[index]" in
${caseArms(
  steps(line).map((step) => [step, 'command="${command:+$command }$words[index]"']),
  '      ',
)}
    esac
  done
  if [[ $PREFIX == --*=* ]]; then
    flag=\${PREFIX%%=*}
    compset -P 1 '*='
  fi
  case "$command $flag" in
${caseArms(
  valuesByFlag(line).map(([flag, values]) => [flag, zshWords(values)]),
  '    ',
)}
    *)
      case "$command" in
${caseArms(
  commands.map(({ words, next }) => [words, zshWords(next)]),
  '        ',
)}
      esac
      if [[ $PREFIX == -* || ( -z $paths && $#values -eq 0 ) ]]; then
        case "$command" in
${caseArms(
  commands.map(({ words, flags }) => [words, `values=(${flagWords(flags).map(zshDescribed).join(' ')})`]),
  '          ',
)}
        esac
        _describe -o flag values
        return
      fi
      ;;
  esac
  if [[ -n $paths ]] && { (( ! $#values )) || compset -P 1 '*='; }; then
    _files
  elif (( $#values )); then
    [[ -n $list ]] && compset -P '*,'
    _describe value values
  fi
}
if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}

function zshWords({ words, isList, isPath }: OfferedValues): string {
  if (words.length === 0) return isPath ? 'paths=1' : ':';
  return `values=(${words.map(zshDescribed).join(' ')})${isList ? ' list=1' : ''}${isPath ? ' paths=1' : ''}`;
}

function flagWords(flags: readonly OfferedFlag[]): readonly OfferedWord[] {
  return flags.flatMap(({ names, about }) => names.map((word) => ({ word, about })));
}

/** A word and its meaning as `_describe` has them. */
function zshDescribed({ word, about }: OfferedWord): string {
  return shellWord(about === '' ? word : `${word.replaceAll(':', '\\:')}:${about}`);
}

/** A script that completes the command line in fish 3 or newer. */
export function fishCompletion(line: CommandLine): string {
  const { program, version, commands } = line;
  const nexts = commands.flatMap(({ words, next }) => {
    const given = next.isPath ? '-F' : next.words.length === 0 ? '' : `-a ${offered(next, program)}`;
    return given === '' ? [] : [`complete -c ${program} -n ${condition(program, [words])} ${given}`];
  });
  return `# Completes the commands of ${program} ${version} in fish.
function __${program}_is
    set -l command ''
    set -l tokens (commandline -opc)
    set -e tokens[1]
    for token in $tokens
        switch "$command $token"
            case ${steps(line).map(fishWord).join(' ')}
                set command (string trim -- "$command $token")
        end
    end
    contains -- "$command" $argv
end
function __${program}_list
    set -l before (string match -r '.*,' -- (string replace -r '^--[^=]*=' '' -- (commandline -ct)))
    for value in $argv
        printf '%s%s\\n' "$before" $value
    end
end
function __${program}_path
    set -l value (string replace -r '^--[^=]*=' '' -- (commandline -ct))
    string match -q -- '*=*' $value; or return
    set -l start (string replace -r '=.*' '=' -- $value)
    for path in (__fish_complete_path (string replace -r '^[^=]*=' '' -- $value))
        printf '%s%s\\n' $start $path
    end
end
complete -c ${program} -f
${[...nexts, ...flagLines(line)].join('\n')}
`;
}

/** A line for each flag and the commands that have it with the same values and the same meaning. */
function flagLines({ program, commands }: CommandLine): readonly string[] {
  const flags = commands.flatMap(({ words, flags }) =>
    flags.map((flag) => ({ command: words, spec: flagSpec(flag, program) })),
  );
  return groupsBy(flags, ({ spec }) => spec).map((same) => {
    const havers = same.map(({ command }) => command);
    return `complete -c ${program} -n ${condition(program, havers)} ${same[0].spec}`;
  });
}

function flagSpec({ names, about, values }: OfferedFlag, program: string): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  return [
    ...spelled,
    ...(values === undefined ? [] : [taken(values, program)]),
    `-d ${fishWord(about)}`,
  ].join(' ');
}

function taken(values: OfferedValues, program: string): string {
  if (values.words.length > 0) return `-x -a ${offered(values, program)}`;
  return values.isPath ? '-r -F' : '-x';
}

function condition(program: string, commands: readonly string[]): string {
  return fishWord(`__${program}_is ${commands.map(fishWord).join(' ')}`);
}

/** The words as one that fish evaluates when it is asked for them. */
function offered({ words, isList, isPath }: OfferedValues, program: string): string {
  const each = words.map(fishDescribed).join(' ');
  const named = isList ? `(__${program}_list ${each})` : each;
  return fishWord(isPath ? `${named} (__${program}_path)` : named);
}

/** A word and its meaning as fish has them: with a tab between them. */
function fishDescribed({ word, about }: OfferedWord): string {
  return fishWord(about === '' ? word : `${word}\t${about}`);
}

function fishWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
