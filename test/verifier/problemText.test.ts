import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Blocked } from '@trainyard/verifier/bundle/blocked.ts'
import { ArgumentInvalid, InputInvalid } from '@trainyard/verifier/errors.ts'
import { problemText } from '@trainyard/verifier/problemText.ts'
import { nodeUrl, webUrl } from '@trainyard/verifier/urlOption.ts'
import { expect, test } from 'vitest'

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

test('behavior: a path that is wrong is named with what is wrong about it', () => {
  const end = ' Check the path. Nothing was decided, and no money moved.'
  expect(problemText(thrownBy(() => readdirSync('/nowhere')))).toBe(`/nowhere does not exist.${end}`)
  expect(problemText(thrownBy(() => readdirSync('package.json')))).toBe(`package.json is not a folder.${end}`)
  expect(problemText(thrownBy(() => writeFileSync('docs', '')))).toBe(`docs is a folder, not a file.${end}`)
  expect(problemText(thrownBy(() => writeFileSync('package.json', '', { flag: 'wx' })))).toBe(
    `package.json exists already.${end}`,
  )
  expect(problemText(thrownBy(() => readFileSync(-1)))).toContain('out of range')
})

test('behavior: advice is said once, as a sentence of its own', () => {
  expect(problemText(new InputInvalid('leaves', 'too short'))).toBe(
    'leaves: too short. Get leaves again from its source, or reject it.',
  )
  expect(problemText(new ArgumentInvalid('There is no segment 5'))).toBe(
    'There is no segment 5. Nothing was done, and no money moved. Correct that and run the command again.',
  )
  const said = Object.assign(new Error('It failed. Try again.'), { suggestion: 'Try again.' })
  expect(problemText(said)).toBe('It failed. Try again.')
  expect(problemText(new Blocked('schema'))).toContain('Run verify to see why.')
})

test('default: an unknown problem keeps its stack', () => {
  expect(problemText(new TypeError('odd'))).toContain('problemText.test.ts')
  expect(problemText('odd')).toBe('odd')
})

test('behavior: addresses of nodes and of web servers', () => {
  for (const url of ['http://a', 'https://a:1/b']) expect([nodeUrl(url), webUrl(url)]).toEqual([url, url])
  expect(nodeUrl('wss://a')).toBe('wss://a')
  expect(() => webUrl('ws://a')).toThrow('must be an address')
  for (const text of ['foo', '', 'ftp://a', '127.0.0.1:8545'])
    expect(() => nodeUrl(text), text).toThrow('must be an address')
})
