import { expect, test } from 'vitest'
import { allowedTarget } from '../../../client/src/egress/allowedTarget.ts'

const allowed = ['files.example.com:443']

test.for(['files.example.com:443', 'FILES.example.COM:443', 'files.example.com.:443'])(
  'default: %s',
  (asked) => {
    expect(allowedTarget(asked, allowed)).toEqual({ host: 'files.example.com', port: 443 })
  },
)

test.for([
  'files.example.com:444',
  'example.com:443',
  'a.files.example.com:443',
  'files.example.com..:443',
  '169.254.169.254:443',
])('error: %s is not in the list', (asked) => {
  expect(() => allowedTarget(asked, allowed)).toThrow(/not in the order's egress list/)
})

test.for([
  undefined,
  '',
  'files.example.com',
  'files.example.com:',
  'files.example.com:0443',
  'http://files.example.com:443',
  'files.example.com:443/path',
  'me@files.example.com:443',
  'files.example.com:443\r\nx: y',
  'files.example.com\0.evil:443',
  '[::1]:443',
  `${'a'.repeat(300)}:443`,
])('error: %j is no target', (asked) => {
  expect(() => allowedTarget(asked, allowed)).toThrow(/Ask for host:port/)
})

test('error: mail is not sent from here, even if it is in the list', () => {
  expect(() => allowedTarget('mx.example.com:25', ['mx.example.com:25'])).toThrow(/mail/)
})
