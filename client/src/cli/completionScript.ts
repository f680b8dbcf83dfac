import type { Command, Option } from 'commander'

type Flag = { flag: string; description: string; takesValue: boolean; choices: readonly string[] }
type Verb = { name: string; description: string; flags: Flag[]; choices: readonly string[] }

/** Writes the completion of one shell from the commands as they are. */
export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const name = program.name()
  const verbs = program.commands.map(verbOf)
  if (shell === 'bash') return bash(name, verbs)
  if (shell === 'zsh') return zsh(name, verbs)
  return fish(name, verbs)
}

function verbOf(command: Command): Verb {
  const flags = command.options.map(flagOf)
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
  return { name: command.name(), description: command.description(), choices, flags: [...flags, HELP] }
}

const HELP: Flag = { flag: '--help', description: 'explain this command', takesValue: false, choices: [] }

function flagOf({ long, description, required, optional, argChoices }: Option): Flag {
  return { flag: long ?? '', description, takesValue: required || optional, choices: argChoices ?? [] }
}

/** The word before decides: a choice, a file, or else the verb's flags. */
function bash(name: string, verbs: Verb[]): string {
  const cases = verbs.map(({ name: verb, flags, choices }) => {
    const values = flags.filter(({ takesValue }) => takesValue)
    const chosen = values.filter((flag) => flag.choices.length > 0)
    const free = values.filter((flag) => flag.choices.length === 0).map(({ flag }) => flag)
    return [
      `    ${verb})`,
      '      case "$before" in',
      ...chosen.map(
        ({ flag, choices: of }) =>
          `        ${flag}) COMPREPLY=($(compgen -W '${of.join(' ')}' -- "$word")); return ;;`,
      ),
      ...(free.length > 0
        ? [`        ${free.join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;`]
        : []),
      '      esac',
      `      COMPREPLY=($(compgen -W '${[...choices, ...flags.map(({ flag }) => flag)].join(' ')}' -- "$word")) ;;`,
    ].join('\n')
  })
  return `# bash completion of ${name}
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${verbs.map((verb) => verb.name).join(' ')}' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -o filenames -F _${name} ${name}
`
}

function zsh(name: string, verbs: Verb[]): string {
  const quoted = (text: string) =>
    text.replaceAll("'", '’').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:')
  const list = verbs.map((verb) => `    '${verb.name}:${quoted(verb.description)}'`)
  const cases = verbs.map(({ name: verb, flags, choices }) => {
    const specs = flags.map(({ flag, description, takesValue, choices: of }) => {
      const value = of.length > 0 ? `:value:(${of.join(' ')})` : takesValue ? ':value:_files' : ''
      return `'${flag}[${quoted(description)}]${value}'`
    })
    const first = choices.length > 0 ? [`'2:value:(${choices.join(' ')})'`] : []
    return `    ${verb}) _arguments ${[...first, ...specs].join(' ')} ;;`
  })
  return `#compdef ${name}
_${name}() {
  local -a verbs
  verbs=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi
`
}

function fish(name: string, verbs: Verb[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = verbs.flatMap((verb) => {
    const inVerb = `-n '__fish_seen_subcommand_from ${verb.name}'`
    return [
      `complete -c ${name} -n __fish_use_subcommand -f -a ${verb.name} -d ${quoted(verb.description)}`,
      ...(verb.choices.length > 0
        ? [`complete -c ${name} ${inVerb} -f -a ${quoted(verb.choices.join(' '))}`]
        : []),
      ...verb.flags.map(({ flag, description, takesValue, choices }) => {
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : ''
        return `complete -c ${name} ${inVerb} -l ${flag.slice(2)}${value} -d ${quoted(description)}`
      }),
    ]
  })
  return `# fish completion of ${name}\n${lines.join('\n')}\n`
}
