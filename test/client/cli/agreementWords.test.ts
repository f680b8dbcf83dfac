import { expect, test } from 'vitest'
import { challengeCommands, fetchNow, notHad } from '../../../client/src/cli/agreementWords.ts'

const places = { rpc: 'http://127.0.0.1:8545', store: 'http://127.0.0.1:4270' }
const at = (seconds: number) => ({
  orders: [3n, 4n] as const,
  lastSegment: 14,
  until: Math.floor(Date.now() / 1_000) + seconds,
})

test('default: until when, and one command for each order, whose account the buyer fills in', () => {
  const agreement = at(3_600)
  const clock = new Date(agreement.until * 1_000).toLocaleTimeString('en-GB')
  expect(fetchNow(agreement)).toContain(`Until ${clock} either order can still be challenged`)
  const text = notHad(agreement, 'The model cannot be fetched: gone.', places)
  expect(text).toContain(`The model cannot be fetched: gone. Until ${clock} challenge both orders`)
  for (const command of challengeCommands(agreement, places)) expect(text).toContain(command)
  expect(challengeCommands(agreement, places)[1]).toBe(
    'trainyard-verify dispute 4 --segment 14 --rpc http://127.0.0.1:8545 --store http://127.0.0.1:4270 --keystore FILE --password-file FILE --unserved --yes',
  )
})

test('behavior: once the time is over nobody is sent to challenge', () => {
  const text = notHad(at(-1), 'The model cannot be fetched.', places)
  expect(text).toContain('The time to challenge is over')
  expect(text).not.toContain('dispute')
})
