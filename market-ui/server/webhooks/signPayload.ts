import { createHmac } from 'node:crypto'

/**
 * The header that proves who sent a webhook: HMAC-SHA256 (RFC 2104) over `<seconds>.<body>` with the webhook's secret.
 * The time is in it so that a receiver can refuse what somebody recorded and sends again.
 */
export const signPayload = (secret: string, body: string, atSeconds: number): string => {
  const mac = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')
  return `t=${atSeconds},v1=${mac}`
}
