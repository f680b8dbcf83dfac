import { OPERATIONS_PER_NUT } from '@trainyard/contracts/deploy/scoreParameters.ts'
import { id } from 'ethers'
import { expect, test } from 'vitest'
import { fillIn } from '../../../verifier/src/drill/fillIn.ts'
import { parseTask } from '../../../verifier/src/drill/parseTask.ts'
import { operationsOf } from '../../../verifier/src/drill/task.ts'
import { InputInvalid } from '../../../verifier/src/errors.ts'
import { canonicalBytes } from '../../../verifier/src/json.ts'

const task = fillIn(id('seed'))
const pays = BigInt(Math.floor(operationsOf(task) / OPERATIONS_PER_NUT))

test('default: a submitted task, for what its work is worth', () => {
  expect(parseTask(canonicalBytes(task), pays)).toEqual(task)
})

test('error: more work than it pays for', () => {
  expect(() => parseTask(canonicalBytes(task), pays - 1n)).toThrow(InputInvalid)
})

test('error: another kind, another form of the same, too large, no text', () => {
  const refused = (bytes: Uint8Array) => expect(() => parseTask(bytes, pays)).toThrow(InputInvalid)
  refused(canonicalBytes({ ...task, kind: 'shell' }))
  refused(new TextEncoder().encode(JSON.stringify(task, null, 1)))
  refused(new Uint8Array(65_537).fill(0x20))
  refused(new Uint8Array([0xff, 0xfe]))
})
