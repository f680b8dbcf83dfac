import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completionScript } from '../../../client/src/cli/completionScript.ts'
import { createProgram } from '../../../client/src/cli/createProgram.ts'
import { fakeRim } from './fakeRim.ts'

const cli = join(import.meta.dirname, '../../../client/src/cli.ts')

/** What bash would offer for these words, the last of which is being typed. */
function completed(...words: string[]): string[] {
  const script = execFileSync(process.execPath, [cli, 'completion', 'bash'], { encoding: 'utf8' })
  const line = words.map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(trainyard ${line}); COMP_CWORD=${words.length}; _trainyard; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, status } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout.split('\n').filter(Boolean)
}

test('default: bash completes commands, options and their choices', () => {
  expect(completed('w')).toEqual(['withdraw', 'watch'])
  expect(completed('withdraw', '--un')).toEqual(['--unbond'])
  expect(completed('machines', '--sort', 'v')).toEqual(['vram'])
  expect(completed('init', '--driver', 'd')).toEqual(['docker'])
  expect(completed('completion', 'z')).toEqual(['zsh'])
})

test('behavior: zsh and fish get every command and option too', () => {
  const program = createProgram(fakeRim().rim)
  const flags = program.commands.flatMap((command) => command.options.map(({ long }) => long!))
  expect(flags.length).toBeGreaterThan(60)
  const zsh = completionScript(program, 'zsh')
  const fish = completionScript(program, 'fish')
  for (const flag of flags) {
    expect(zsh).toContain(`'${flag}[`)
    expect(fish).toContain(` -l ${flag.slice(2)} `)
  }
  expect(zsh).toContain('(docker process)')
  expect(fish).toContain("-x -a 'docker process'")
})
