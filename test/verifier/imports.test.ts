import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = 'verifier/src'

const importsOf = (file: string) => {
  return [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'"]*? from '([^']+)'/gm)].map(
    ([, path]) => path!,
  )
}

/** All modules that a module needs, by their names as written. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  for (const name of importsOf(file)) {
    const path = name.startsWith('.') ? join(dirname(file), name) : name
    if (seen.has(path)) continue
    seen.add(path)
    if (name.startsWith('.')) reach(path, seen)
  }
  return seen
}

test('behavior: the trainer needs nothing but its own folder, and Node only where it runs', () => {
  const rims = ['files.ts', 'runJob.ts']
  for (const name of readdirSync(`${SRC}/canonical`)) {
    for (const path of importsOf(`${SRC}/canonical/${name}`)) {
      const allowed = rims.includes(name) ? /^(\.\/\w+\.ts|node:(fs|path))$/ : /^\.\/\w+\.ts$/
      expect(path, name).toMatch(allowed)
    }
  }
})

test.for([
  'job',
  'segment',
  'evidence',
  'windowSeed',
  'replay',
  'buildLeaf',
  'checkpointRoot',
  'verdict',
  'grant',
])('behavior: %s.ts runs in a browser', (name) => {
  const needs = [...reach(`${SRC}/${name}.ts`)].map((path) => relative('.', path))
  expect(needs.filter((path) => path.includes('node:') || path.includes('node_modules'))).toEqual([])
})
