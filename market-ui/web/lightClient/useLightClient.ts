import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { chainQuery, healthQuery } from '../api/queries.ts'
import { local } from '../local.ts'

/** Starts the light client where the user chose it on an earlier visit. Once per page. */
export const useLightClientSetup = (): void => {
  const { data: health } = useQuery(healthQuery())
  const client = useQueryClient()
  const isSubstrate = health !== undefined && health.chain !== 'evm'
  useEffect(() => {
    if (!isSubstrate || local.lightClient.get() !== true) return
    const start = async () => {
      const { deployment } = await client.fetchQuery(chainQuery())
      const { startLightClient } = await import('./lightClient.ts')
      if (deployment.chain && deployment.chain !== 'evm')
        startLightClient({ ...deployment, chain: deployment.chain })
    }
    start().catch(() => undefined) // the server does not answer yet: Settings starts it by hand
  }, [isSubstrate, client])
}
