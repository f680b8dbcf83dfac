// `npm run bench` runs every bench, `npm run bench -- <name>` one. Each prints one line of JSON (figure.ts).
// The soak takes half an hour and more, torch-* need Docker and an image, substrate a chain of its own: only by name.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Figure } from './lib/figure.ts'

const notBenches = new Set(['run.ts'])
const byNameOnly = new Set(['soak', 'torch-false-rejects', 'torch-tolerance', 'substrate'])
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !notBenches.has(file))
  .map((file) => basename(file, '.ts'))

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  process.exit(1)
}
for (const name of wanted.length > 0 ? wanted : names.filter((other) => !byNameOnly.has(other))) {
  const { measure } = (await import(join(import.meta.dirname, `${name}.ts`))) as {
    measure: () => Promise<Figure>
  }
  console.log(JSON.stringify(await measure()))
}
