import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suggestionFor } from '@trainyard/contracts/suggestions.ts'
import { expect, test } from 'vitest'

const ABIS = join(import.meta.dirname, '../../contracts/bindings/generated')
/** of the token and of libraries: the pallets answer before they do */
const FOREIGN = /^(Allowance|Bn254|HashToG1|Insufficient|InvalidPermit|Permit|Reentrancy|TotalSupply)/

test('default: every error of the contracts comes with what to do about it', () => {
  const text = readdirSync(ABIS).map((name) => readFileSync(join(ABIS, name), 'utf8'))
  const names = new Set(
    text.flatMap((abi) => [...abi.matchAll(/"type":"error","name":"(\w+)"/g)].map(([, name]) => name!)),
  )
  expect(names.size).toBeGreaterThan(100)
  const general = suggestionFor('NoSuchError')
  const mute = [...names].filter((name) => !FOREIGN.test(name) && suggestionFor(name) === general)
  expect(mute).toEqual([])
})
