import { Argument, type Command } from 'commander'
import type { Rim } from '../rim.ts'

/** `trainyard completion SHELL`: a script that lets the shell complete commands and options. */
export function addCompletion(program: Command, rim: Rim): void {
  program
    .command('completion')
    .description('print a completion script, such as: source <(trainyard completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .option('--json', 'print it as a JSON object')
    .action(async (shell: 'bash' | 'zsh' | 'fish', options: { json?: true }) => {
      const { completionScript } = await import('../completionScript.ts')
      const script = completionScript(program, shell)
      rim.say(options).answer({ shell, script }, script)
    })
}
