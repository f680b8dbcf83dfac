import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { expect, test } from 'vitest'

type Profile = { evm_version?: string }

test('default: the contracts are compiled, and their suite is run, for the EVM of Substrate chains', () => {
  const text = readFileSync(join(import.meta.dirname, '../../foundry.toml'), 'utf8')
  const { profile } = parse(text) as { profile: Record<string, Profile> }
  expect(profile.default?.evm_version).toBe('paris')
  expect(profile.paris?.evm_version).toBe('paris')
  // No other profile may compile for something else: what is deployed is what was tested.
  for (const { evm_version } of Object.values(profile)) expect(evm_version ?? 'paris').toBe('paris')
})
