// Completes package-lock.json after `npm install`: npm 11 refuses a lockfile in which an optional package of
// another platform is missing, which happens when the registry in use does not carry it. Each such package gets
// a stub (version, os, cpu, optional), so that `npm ci` agrees and still skips it where it does not fit.
// `--check` changes nothing and exits 1 if stubs are missing or a registry address slipped in.
import { readFileSync, writeFileSync } from 'node:fs'

const OS = {
  darwin: 'darwin',
  linux: 'linux',
  linuxmusl: 'linux',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  sunos: 'sunos',
  aix: 'aix',
  wasm32: 'wasi',
}
const CPU = {
  x64: 'x64',
  amd64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: 'ia32',
  x86: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  wasm32: 'wasm32',
}

/** The platform a package is for, read from its name: `@scope/binding-linux-arm64-gnu` -> linux, arm64. */
function platformOf(name) {
  const words = name.split(/[/\-_.]/)
  const pick = (table) => words.map((word) => table[word]).find((value) => value !== undefined)
  return { os: [pick(OS) ?? 'none'], cpu: [pick(CPU) ?? 'none'] }
}

/** Paths where a package required from `from` may lie: nested first, then each parent's node_modules. */
function candidatePaths(from, name) {
  const parents = from
    .split('/node_modules/')
    .map((_, depth, parts) => parts.slice(0, parts.length - depth).join('/node_modules/'))
  return [...parents.map((parent) => `${parent}/node_modules/${name}`), `node_modules/${name}`]
}

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const problems = []

for (const [at, entry] of Object.entries(lock.packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) {
    problems.push(`${at} names a registry address`)
    delete entry.resolved
  }
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (candidatePaths(at, name).some((candidate) => lock.packages[candidate])) continue
    problems.push(`${name}@${version} (optional, of another platform) has no entry`)
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[~^]/, ''),
      ...platformOf(name),
      optional: true,
    }
  }
}

if (process.argv.includes('--check')) {
  for (const problem of problems) console.error(`package-lock.json: ${problem}`)
  if (problems.length > 0) console.error('Run `npm run lock` and commit the result.')
  process.exitCode = problems.length > 0 ? 1 : 0
} else {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.error(`package-lock.json: ${problems.length} entries completed`)
}
