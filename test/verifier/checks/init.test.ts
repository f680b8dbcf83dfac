import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: begins from weights that were trained before', async () => {
  const dir = await honestBundle({
    initial(state) {
      state.params[0]![0] = 0.25
    },
  })
  expect((await expectOnly('init', dir)).detail).toContain('the seed gives 0x')
})
