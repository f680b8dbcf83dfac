import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ZeroAddress } from 'ethers'
import { expect, onTestFinished, test } from 'vitest'
import { readDeployment } from '../../../client/src/readDeployment.ts'

function record(chain?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-record-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const names = ['token', 'runtime', 'balances', 'machines', 'staking', 'market', 'proofs', 'disputes']
  const later = ['windows', 'hashrate', 'drilling', 'rewards']
  const addresses = Object.fromEntries([...names, ...later].map((name) => [name, ZeroAddress]))
  const facts = { chainId: 1, genesisHash: `0x${'1'.repeat(64)}`, deployedBlock: 0, ...addresses }
  const file = join(folder, 'deployment.json')
  writeFileSync(file, JSON.stringify(chain === undefined ? facts : { chain, ...facts }))
  return file
}

test('default: the record says which kind of chain it is; evm where it says nothing', async () => {
  expect((await readDeployment(record(), 'evm')).chain).toBeUndefined()
  expect((await readDeployment(record('substrate-evm'), 'substrate-evm')).chain).toBe('substrate-evm')
  expect((await readDeployment(record('revive'))).chain).toBe('revive')
})

test('error: another kind than is counted on, or one that nobody knows', async () => {
  await expect(readDeployment(record(), 'revive')).rejects.toThrow(
    /is a deployment for evm, and .* says revive/,
  )
  await expect(readDeployment(record('frontier'))).rejects.toThrow('"chain" is wrong')
})
