import { expect, test } from 'vitest'
import { untilSaid, watched, yardHome } from './runYard.ts'

test('behavior: after its order the machine is measured and audited, and the order is credited', async () => {
  using yard = yardHome()
  const run = watched(yard.home, ['--driver', 'process'], 400_000)
  try {
    await untilSaid(
      run.said,
      /score +machine 1 multiplies at [1-9]\d* MFLOPS, audited.*training credit/,
      380_000,
    )
    const market = /market +(http:\S+)/.exec(run.said())![1]!
    const score = (await (await fetch(`${market}/api/machines/1/score`)).json()) as Record<string, unknown>
    expect(score).toMatchObject({ device: { fresh: true, round: 1 }, decpNut: '0' })
    expect(BigInt(score.tecpNut as string)).toBeGreaterThan(0n)
  } finally {
    run.ctrlC()
    await run.done
  }
}, 420_000)
