import { describe, expect, it } from 'vitest'
import { costSoFarWei, runwayOf } from '../../../market-ui/web/order/runway.ts'

const order = {
  mode: 'Bitwise',
  pricePerHourWei: '3600',
  stepMicros: 2_000_000,
  startedAt: 1_000,
  endedAt: 0,
  committedSteps: 10,
  maxSeconds: 100,
  steps: 50,
}

describe('costSoFarWei', () => {
  it('default: the price of the time that passed, at most of what is committed, rounded down', () => {
    expect(costSoFarWei(order, 1_007)).toBe(7n)
    expect(costSoFarWei(order, 1_060)).toBe(20n)
    expect(costSoFarWei({ ...order, pricePerHourWei: '1' }, 1_060)).toBe(0n)
  })

  it('behavior: the end stops the clock; before the start nothing is owed', () => {
    expect(costSoFarWei({ ...order, endedAt: 1_005 }, 1_060)).toBe(5n)
    expect(costSoFarWei({ ...order, startedAt: 0 }, 1_060)).toBe(0n)
  })
})

describe('costSoFarWei without proof', () => {
  it('default: the price of the time that passed', () => {
    expect(costSoFarWei({ ...order, mode: 'None', committedSteps: 0, stepMicros: 0 }, 1_060)).toBe(60n)
  })
})

describe('runwayOf', () => {
  it('default: what is left, and what the missing steps need at the mean speed', () => {
    expect(runwayOf(order, 20, 1_040)).toEqual({
      leftSeconds: 60,
      stepsPerSecond: 0.5,
      neededSeconds: 60,
      isShort: false,
    })
    expect(runwayOf(order, 20, 1_041)).toMatchObject({ leftSeconds: 59, isShort: true })
  })

  it('behavior: before the first step nothing is foretold; past the end nothing is left', () => {
    expect(runwayOf(order, 0, 1_040)).toMatchObject({ neededSeconds: undefined, isShort: false })
    expect(runwayOf(order, 50, 1_200)).toMatchObject({ leftSeconds: 0, neededSeconds: 0, isShort: false })
  })
})
