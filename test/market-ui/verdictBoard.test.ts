import { VerdictBoard } from '@trainyard/market-ui/verdicts/VerdictBoard.ts'
import type { VerdictNote } from '@trainyard/verifier/verdictNote.ts'
import { describe, expect, test } from 'vitest'

const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bB'.repeat(20)}`]
const draw = `0x${'dd'.repeat(32)}`
const note = (auditor: string, byte = '01'): VerdictNote => ({
  auditor,
  draw,
  commitment: `0x${byte.repeat(32)}`,
  signature: `0x${'02'.repeat(65)}`,
})
const opened = (auditor: string, byte = '01'): VerdictNote => ({
  ...note(auditor, byte),
  opening: { verdicts: '5', salt: `0x${'03'.repeat(32)}`, report: 'bafy' },
})

const one = { orderId: 1, round: 0, draw }

describe('verdict board', () => {
  test('default: commitments first, openings once all are bound', () => {
    const board = new VerdictBoard()
    expect(board.put(one, [a, b], note(a))).toBeUndefined()
    expect(board.put(one, [a, b], opened(a))).toBe('not all bound')
    expect(board.notesOf(one, [a, b])).toEqual([note(a)])
    expect(board.put(one, [a, b], note(b.toLowerCase()))).toBeUndefined()
    expect(board.put(one, [a, b], opened(b))).toBeUndefined()
    expect(board.put(one, [a, b], opened(a))).toBeUndefined()
    expect(board.notesOf(one, [a, b])).toEqual([opened(a), opened(b)])
  })

  test('behavior: what is opened stays open, and orders do not mix', () => {
    const board = new VerdictBoard()
    board.put(one, [a], note(a))
    board.put(one, [a], opened(a))
    board.put(one, [a], note(a))
    expect(board.notesOf(one, [a])).toEqual([opened(a)])
    expect(board.notesOf({ ...one, orderId: 2 }, [a])).toEqual([])
  })

  test('behavior: a larger panel binds itself anew', () => {
    const board = new VerdictBoard()
    board.put(one, [a], note(a, '01'))
    const larger = { ...one, round: 1 }
    expect(board.put(larger, [a], note(a, '07'))).toBeUndefined()
    expect(board.notesOf(larger, [a])).toEqual([note(a, '07')])
  })

  test('behavior: where seats moved, members bind themselves anew, and what was signed before counts no more', () => {
    const board = new VerdictBoard()
    board.put(one, [a, b], note(a))
    const moved = { ...one, draw: `0x${'ee'.repeat(32)}` }
    expect(board.notesOf(moved, [a, b])).toEqual([])
    const anew = { ...note(a, '07'), draw: moved.draw }
    expect(board.put(moved, [a, b], anew)).toBeUndefined()
    expect(board.put(moved, [a, b], { ...note(a, '08'), draw: moved.draw })).toBe('two commitments')
    expect(board.notesOf(moved, [a, b])).toEqual([anew])
  })

  test('error: an auditor cannot change what it is bound to', () => {
    const board = new VerdictBoard()
    board.put(one, [a], note(a, '01'))
    expect(board.put(one, [a], note(a, '07'))).toBe('two commitments')
    expect(board.put(one, [a], opened(a, '07'))).toBe('two commitments')
    expect(board.notesOf(one, [a])).toEqual([note(a, '01')])
  })

  test('behavior: the oldest orders go first', () => {
    const board = new VerdictBoard()
    for (let orderId = 1; orderId <= 1_001; orderId++) board.put({ ...one, orderId }, [a], note(a))
    expect(board.notesOf(one, [a])).toEqual([])
    expect(board.notesOf({ ...one, orderId: 2 }, [a])).toEqual([note(a)])
  })
})
