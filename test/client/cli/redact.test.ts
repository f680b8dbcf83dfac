import { expect, test } from 'vitest'
import { redact } from '../../../client/src/cli/support/redact.ts'

const known = { secrets: ['pa$$"word\\'], publicHashes: [`0x${'ab'.repeat(32)}`], home: '/home/ada' }
const clean = (text: string) => redact(text, known)

test.each([
  ['a known secret', 'it said pa$$"word\\ and left', 'it said [redacted] and left'],
  ['a key in a path', 'GET https://rpc.example/v3/0123abcd failed', 'GET https://rpc.example failed'],
  ['a key in a query', 'https://rpc.example:8545/?apikey=0123', 'https://rpc.example:8545'],
  ['user and password', 'http://ada:hunter2@host:1/x', 'http://host:1'],
  ['a private key', `key ${'1f'.repeat(32)}.`, 'key [hex redacted].'],
  ['the same with 0x', `0x${'1f'.repeat(32)}`, '[hex redacted]'],
  ['a token', 'authorization: Bearer abc.def-ghi_123', 'authorization: Bearer [redacted]'],
  ['a named secret', 'apiKey=s3cr3t, next', 'apiKey=[redacted], next'],
  ['the user', '/home/ada/.config', '~/.config'],
])('default: %s is taken out', (_, text, shown) => {
  expect(clean(text)).toBe(shown)
})

test('behavior: what helps stays', () => {
  const text = `http://127.0.0.1:8545 genesis 0x${'ab'.repeat(32)} account 0x${'12'.repeat(20)}, 5 DEV`
  expect(clean(text)).toBe(text)
})
