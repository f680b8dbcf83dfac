import { readFileSync } from 'node:fs'
import { devnetScoreParameters, OPERATIONS_PER_NUT } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { id } from 'ethers'
import { expect, test } from 'vitest'
import { addBytes } from '../../../verifier/src/content/addBytes.ts'
import { fillIn } from '../../../verifier/src/drill/fillIn.ts'
import { readTasks } from '../../../verifier/src/drill/readTasks.ts'
import { resultOf, runTask } from '../../../verifier/src/drill/runTask.ts'
import { drillTaskSchema, operationsOf } from '../../../verifier/src/drill/task.ts'

const digits = readFileSync('yard/samples/digits/train.safetensors')
const task = fillIn(id('seed'))
const small = { ...task, seeds: task.seeds.slice(0, 2), count: 100 }
const never = () => false
const resultFor = (of: typeof task) => resultOf(runTask(of, digits, never)!)

test('default: one result, the same again, another for other networks or samples', () => {
  const result = resultFor(small)
  expect(result).toMatch(/^0x[0-9a-f]{64}$/)
  expect(resultFor(small)).toBe(result)
  expect(resultFor({ ...small, first: small.first + 1 })).not.toBe(result)
  expect(resultFor({ ...small, seeds: [...small.seeds].reverse() })).not.toBe(result)
})

test('behavior: its bits are known: any machine that differs would lose its stake', () => {
  expect(resultFor({ ...small, first: 0 })).toBe(GOLDEN)
  const metrics = JSON.parse(new TextDecoder().decode(runTask(small, digits, never))) as { total: number }[]
  expect(metrics.map(({ total }) => total)).toEqual([100, 100])
})

test('behavior: tasks from a file, one or many, cut into shards that cover all samples once', () => {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  expect(readTasks(bytes(small))).toEqual([small])
  const shards = readTasks(bytes([small, { ...small, count: 50 }]), 40)
  expect(shards.map(({ first, count }) => [first - small.first, count])).toEqual([
    [0, 40],
    [40, 40],
    [80, 20],
    [0, 40],
    [40, 10],
  ])
  expect(() => readTasks(bytes([]))).toThrow(/drilling tasks/)
  expect(() => readTasks(bytes({ ...small, kind: 'shell' }))).toThrow(/drilling tasks/)
  expect(() => readTasks(bytes({ ...small, count: 2_000 }), 1)).toThrow(/at most 1000/)
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
