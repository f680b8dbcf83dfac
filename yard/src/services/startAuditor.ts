import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeyFiles } from '../devnet/accounts.ts'
import { repositoryRoot, type YardPaths } from '../paths.ts'
import { superviseChild } from '../processes/superviseChild.ts'
import type { Sample } from '../sample/openSample.ts'
import type { ServiceContext } from './serviceContext.ts'

const auditLineSchema = z.looseObject({
  event: z.literal('audit'),
  orderId: z.string(),
  segment: z.number(),
  verdict: z.enum(['pass', 'fail', 'unavailable']),
  /** distance over all tensors; null when there was nothing to replay */
  d: z.number().nullish(),
})

export type AuditLine = z.infer<typeof auditLineSchema>

/** One auditor: replays what is drawn, gives verdicts, and judges what others challenge. */
export async function startAuditor(
  service: ServiceContext,
  paths: YardPaths,
  facts: {
    name: 'auditor' | 'juror'
    keys: KeyFiles
    store: string
    sample: Sample
    onAudit: (line: AuditLine) => void
  },
) {
  const { name } = facts
  const home = paths[name]
  mkdirSync(home, { recursive: true })
  const config = join(home, 'config.json')
  const settings = {
    rpc: service.rpcUrl,
    deployment: paths.deployment,
    ...facts.keys,
    hardwareClass: facts.sample.hardwareClass,
    replayer: facts.sample.replayer,
    store: facts.store,
    dataDir: join(home, 'data'),
  }
  writeFileSync(config, JSON.stringify(settings, null, 2))
  return superviseChild(
    {
      name,
      script: join(repositoryRoot, 'verifier', 'src', 'cli.ts'),
      args: ['watch', '--config', config, '--json', '--parent-pipe'],
      logFile: join(paths.logs, `${name}.log`),
      onLine: (line) => {
        const parsed = auditLineSchema.safeParse(parseJson(line))
        if (parsed.success) facts.onAudit(parsed.data)
      },
    },
    service.onEvent,
    service.onDead,
  )
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
