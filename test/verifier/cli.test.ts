import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bundleParts, honestBundle } from '../helpers/honestBundle.ts'
import { flipByte, tamperBundle } from '../helpers/tamperBundle.ts'

const cli = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['verifier/bin/trainyard-verify.mjs', ...args],
    { encoding: 'utf8', timeout: 20_000 },
  )
  return { status, stdout, stderr }
}

test('behavior: verify exits 0, 1 or 2', async () => {
  const honest = await honestBundle()
  expect(cli('verify', honest)).toMatchObject({ status: 0, stderr: '' })
  const { status, stdout } = cli('verify', honest, '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'valid', steps: 10 })

  tamperBundle(honest, { 'result/metrics.json': (bytes) => flipByte(bytes, -2) })
  const invalid = cli('verify', honest)
  expect(invalid.status).toBe(1)
  expect(invalid.stdout).toMatch(/^metrics +FAILED: /m)

  const environment = { profile: 'canonical', trainerHash: `0x${'ab'.repeat(32)}` } as const
  expect(cli('verify', await honestBundle({ job: { environment } })).status).toBe(2)
  expect(cli('verify', '/nowhere').status).toBe(2)
  expect(cli('verify').status).toBe(2)
})

test('default: --help names every command, and the README each of them', () => {
  const { stdout } = cli('--help')
  const named = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)].map(
    ([, name]) => name,
  )
  expect(named).toEqual([
    'verify',
    'replay',
    'order',
    'report',
    'watch',
    'leave',
    'dispute',
    'referee',
    'tolerance',
    'beacon',
    'help',
  ])
  const readme = readFileSync('verifier/README.md', 'utf8')
  for (const name of named.filter((one) => one !== 'help'))
    expect(readme).toContain(`trainyard-verify ${name} `)
})

test('error: a folder that is no bundle, and an address that is none, are told in one line', () => {
  const folder = cli('verify', 'docs')
  expect(folder).toMatchObject({ status: 2, stdout: '' })
  expect(folder.stderr).toMatch(
    /^docs is no bundle: it has neither manifest\.json nor .* no money moved\..*\n$/,
  )
  const address = cli('order', '1', '--rpc', 'foo')
  expect(address).toMatchObject({ status: 2, stdout: '' })
  expect(address.stderr).toMatch(/^error: option '--rpc <url>' .* must be an address such as .*\n$/)
})

test('error: an account needs both of its files', () => {
  const { status, stderr } = cli('order', '1', '--rpc', 'http://127.0.0.1:9', '--keystore', 'x')
  expect(status).toBe(2)
  expect(stderr).toContain('needs both --keystore and --password-file')
})

test('behavior: replay compares one segment', async () => {
  const dir = await honestBundle({
    leaf: (leaf) => (leaf.segment === 3 ? { ...leaf, innerRoot: leaf.rngRoot } : leaf),
  })
  const good = cli('replay', dir, '--segment', '2', '--json')
  expect(good.status).toBe(0)
  const { claimed } = JSON.parse(good.stdout)
  expect(claimed).toEqual((await bundleParts()).evidence[1]!.leaves[0])
  const bad = cli('replay', dir, '--segment', '3')
  expect(bad.status).toBe(1)
  expect(bad.stdout).toMatch(/^inner +0x\w{64}, claimed 0x\w{64}$/m)
  expect(cli('replay', dir, '--segment', '5')).toMatchObject({ status: 2, stdout: '' })
  rmSync(`${dir}/job.json`)
  expect(cli('replay', dir, '--segment', '2').status).toBe(1)
})
