import { readFileSync } from 'node:fs'
import { devnetScoreParameters, OPERATIONS_PER_NUT } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { id } from 'ethers'
import { expect, test } from 'vitest'
import { addBytes } from '../../../verifier/src/content/addBytes.ts'
import { fillIn } from '../../../verifier/src/drill/fillIn.ts'
import { runTask } from '../../../verifier/src/drill/runTask.ts'
import { drillTaskSchema, operationsOf } from '../../../verifier/src/drill/task.ts'

const digits = readFileSync('yard/samples/digits/train.safetensors')
const task = fillIn(id('seed'))
const small = { ...task, seeds: task.seeds.slice(0, 2), count: 100 }
const never = () => false

test('default: one result, the same again, another for other networks or samples', () => {
  const result = runTask(small, digits, never)
  expect(result).toMatch(/^0x[0-9a-f]{64}$/)
  expect(runTask(small, digits, never)).toBe(result)
  expect(runTask({ ...small, first: small.first + 1 }, digits, never)).not.toBe(result)
  expect(runTask({ ...small, seeds: [...small.seeds].reverse() }, digits, never)).not.toBe(result)
})

test('behavior: its bits are known: any machine that differs would lose its stake', () => {
  expect(runTask({ ...small, first: 0 }, digits, never)).toBe(GOLDEN)
})

test('behavior: a fill-in is a valid task on the digits, of as many operations as the chain credits', async () => {
  expect(drillTaskSchema.parse(task)).toEqual(task)
  expect((await addBytes(digits)).cid).toBe(task.data)
  expect(BigInt(Math.floor(operationsOf(task) / OPERATIONS_PER_NUT))).toBe(devnetScoreParameters.fillInNut)
  expect(fillIn(id('other')).seeds).not.toEqual(task.seeds)
})

test('behavior: it is dropped at once when an order comes', () => {
  let asked = 0
  const orderComes = () => ++asked === 2
  expect(runTask(task, digits, orderComes)).toBeUndefined()
  expect(asked).toBe(2)
})

test('error: data that does not fit, a task of another kind', () => {
  expect(() => runTask({ ...small, first: 5_100 }, digits, never)).toThrow(/other samples/)
  expect(() => runTask({ ...small, layers: [255, 10] }, digits, never)).toThrow(/other samples/)
  expect(() => runTask({ ...small, layers: [256, 5] }, digits, never)).toThrow(/more classes/)
  expect(drillTaskSchema.safeParse({ ...task, kind: 'shell' }).success).toBe(false)
  expect(drillTaskSchema.safeParse({ ...task, count: 10 ** 7 }).success).toBe(false)
})

const GOLDEN = '0xff7ad95b9409cfdbb692849c23b7d16360dd77797daddeb512022c5a0da3b842'
