import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startAnvil } from '../../yard/src/devnet/startAnvil.ts'
import * as ports from '../../yard/src/processes/freePort.ts'
import { startAnvil as startOther } from '../helpers/anvil.ts'

vi.mock(import('../../yard/src/processes/freePort.ts'), { spy: true })

test('behavior: a port that somebody else takes at the same moment is left to them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-anvil-'))
  const other = await startOther()
  const taken = Number(new URL(other.rpcUrl).port)
  vi.mocked(ports.freePort).mockResolvedValueOnce(taken) // it was free a moment ago
  try {
    const anvil = await startAnvil(join(folder, 'state.json'), join(folder, 'anvil.log'))
    expect(anvil.rpcUrl).not.toBe(other.rpcUrl)
    await anvil.stop()
  } finally {
    await other.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
