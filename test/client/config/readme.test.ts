import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProgram } from '../../../client/src/cli/createProgram.ts'
import { configKeys } from '../../../client/src/config/config.ts'
import { variableOf } from '../../../client/src/config/environment.ts'
import { fakeRim } from '../cli/fakeRim.ts'

const readme = () => readFile(join(import.meta.dirname, '../../../client/README.md'), 'utf8')

test('default: the README names every key with its variable, and every command', async () => {
  const text = await readme()
  const missing = configKeys.filter(
    (key) => !text.includes(`\`${key}\``) || !text.includes(`\`${variableOf(key)}\``),
  )
  expect(missing).toEqual([])
  const names = createProgram(fakeRim().rim).commands.map((command) => command.name())
  expect(names.filter((name) => !new RegExp(`(\`|trainyard )${name}\\b`).test(text))).toEqual([])
})
