import { promises as dns } from 'node:dns'
import { EgressRefused } from './egressErrors.ts'
import { forbiddenAddress } from './forbiddenAddress.ts'

/**
 * The address to connect to for a name, by this machine's DNS servers (no hosts file, no search domains).
 * IPv4 is preferred: more machines have it. A name with any forbidden address is refused as a whole, since
 * an honest one has none. Errors: EgressRefused.
 */
export async function resolvePublic(host: string, timeoutMs: number): Promise<string> {
  const expired = Promise.withResolvers<never>()
  const timer = setTimeout(() => expired.reject(new EgressRefused(502, `${host} did not resolve`)), timeoutMs)
  try {
    const lookups = Promise.allSettled([dns.resolve4(host), dns.resolve6(host)])
    const answers = await Promise.race([lookups, expired.promise])
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    for (const address of addresses) {
      const reason = forbiddenAddress(address)
      if (reason) throw new EgressRefused(403, `${host} leads to ${address}: ${reason}`)
    }
    if (!addresses[0]) throw new EgressRefused(502, `${host} did not resolve`)
    return addresses[0]
  } finally {
    clearTimeout(timer)
  }
}
