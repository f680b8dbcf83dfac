import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: claims a better accuracy than the model has', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, {
    'result/metrics.json': editText((text) => text.replace(/"accuracy":[\d.]+/, '"accuracy":1')),
  })
  expect((await expectOnly('metrics', dir)).detail).toContain('should be {"accuracy":0.')
})
