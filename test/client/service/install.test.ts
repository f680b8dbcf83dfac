import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const install = join(import.meta.dirname, '../../../client/service/install.sh')

async function written(): Promise<{ unit: string; path: string }> {
  const root = await mkdtemp(join(tmpdir(), 'trainyard-service-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await run(install, ['--root', root])
  const path = join(root, 'etc/systemd/system/trainyard.service')
  return { unit: await readFile(path, 'utf8'), path }
}

test('default: the unit starts what is in this checkout', async () => {
  const { unit } = await written()
  const command = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  const [node, cli, ...args] = command
  expect(args).toEqual(['start', '--config', '/var/lib/trainyard/config.toml'])
  expect(existsSync(node!)).toBe(true)
  const { stdout } = await run(node!, [cli!, 'start', '--help'])
  expect(stdout).toContain('--config')
  expect(unit).not.toMatch(/^[^#]*@(CHECKOUT|NODE)@/m)
})

test('behavior: systemd reads it without a complaint', async () => {
  const { path } = await written()
  const { stdout, stderr } = await run('systemd-analyze', ['verify', path]).catch(
    (error: NodeJS.ErrnoException & { stdout: string; stderr: string }) => {
      if (error.code === 'ENOENT') return { stdout: '', stderr: '' } // a machine without systemd has nothing to ask
      return error
    },
  )
  // The user is made by the installation, which did not happen here.
  const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('trainyard.service'))
  expect(complaints.filter((line) => !/user/i.test(line))).toEqual([])
})

test('error: what it does not know changes nothing', async () => {
  await expect(run(install, ['--prefix', '/opt'])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Usage'),
  })
})
