import { EgressRefused } from './egressErrors.ts'

/** A target that may be connected to: the name as the order has it, and the port. */
export type Target = { host: string; port: number }

/** What is sent by unasked mail falls back on the seller's address; nobody trains with it. */
const MAIL_PORT = 25

/**
 * Reads the authority of a CONNECT request and looks it up in the order's list. Names are compared without
 * case and without the dot at the end; an address is never on a list. Errors: EgressRefused.
 */
export function allowedTarget(authority: string | undefined, allowed: readonly string[]): Target {
  const match = /^([a-z0-9.-]{1,253}):([1-9]\d{0,4})$/i.exec(authority ?? '')
  if (!match) throw new EgressRefused(400, 'Ask for host:port.')
  const [, name = '', portText = ''] = match
  const host = name.toLowerCase().replace(/\.$/, '')
  const port = Number(portText)
  if (!allowed.includes(`${host}:${port}`)) {
    throw new EgressRefused(403, `${host}:${port} is not in the order's egress list`)
  }
  if (port === MAIL_PORT) throw new EgressRefused(403, 'no job may send mail from here')
  return { host, port }
}
