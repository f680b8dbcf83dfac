import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runtimeName } from '../../scripts/describePallet.ts'

const script = join(import.meta.dirname, '../../scripts/pallets.ts')

test('default: a pallet’s calls, storage, events and errors, by both names, out of its source', () => {
  const { stdout, status } = spawnSync(process.execPath, [script, 'machines'], { encoding: 'utf8' })
  expect(status).toBe(0)
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))
  expect(lines[0]).toEqual(['pallet machines (Machines)'])
  const section = (title: string) => {
    const from = lines.findIndex(([first]) => first === title) + 1
    const to = lines.findIndex((line, index) => index >= from && line.length === 1)
    return lines.slice(from, to).map(([name, abiName]) => `${name} ${abiName}`)
  }
  expect(section('calls')).toContain('add_machine addMachine')
  expect(section('views')).toContain('machine_of machineOf')
  expect(section('storage')).toContain('machines _machines')
  expect(section('events')).toContain('MachineAdded MachineAdded')
  expect(section('errors').some((line) => /^(\w+) Machines\1$/.test(line))).toBe(true)
})

test('behavior: names as a runtime has them', () => {
  expect(['addMachine', '_totalWei', 'specHash', 'OrderPlaced'].map(runtimeName)).toEqual([
    'add_machine',
    'total_wei',
    'spec_hash',
    'OrderPlaced',
  ])
})

test('error: there is no such pallet', () => {
  const { stderr, status } = spawnSync(process.execPath, [script, 'nothing'], { encoding: 'utf8' })
  expect({ status, stderr }).toMatchObject({ status: 1 })
  expect(stderr).toContain('There is no pallet nothing: ')
})
