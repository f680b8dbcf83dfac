import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: a curve that looks better than what was committed', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, {
    'progress.jsonl': editText((text) => text.replace(/(.*"step":7,"loss":)[\d.]+/, '$10.01')),
  })
  expect((await expectOnly('progress', dir)).detail).toBe('line 7 is not what step 7 committed')
})

test('error: a curve that goes on after the last step', async () => {
  const dir = await honestBundle({ windows: 2 })
  tamperBundle(dir, { 'progress.jsonl': editText((text) => text + text.slice(-80)) })
  expect((await expectOnly('progress', dir)).detail).toBe('there are lines after step 8')
})
