import type { Check } from '../checks/check.ts'
import { tellCheck } from '../doctorCommand.ts'
import type { OrderStatus } from '../readStatus.ts'
import { tellOrder } from '../tellOrder.ts'
import type { Earnings } from './readEarnings.ts'
import type { Health } from './readHealth.ts'
import type { Money } from './readMoney.ts'

const MAX_ORDERS_TOLD = 10
const MAX_HEARTBEAT_AGE_SECONDS = 2 * 3600

type MachineFacts = {
  name: string
  machineId: bigint | null
  chosen: { possible: boolean; checks: Check[] }
  health: Health | null
}

type Facts = {
  machines: MachineFacts[]
  seller: string
  daemon: { running: boolean; url: string | null }
  orders: OrderStatus[]
  earnings: Earnings
  money: Money
}

/** A seller's status in some lines, what matters most first. */
export function tellStatus(status: Facts, amount: (wei: bigint) => string, nowMs: number): string {
  const { machines, seller, daemon, orders } = status
  const names = machines.map(titleOf).join(', ')
  const runs = daemon.running ? `runs at ${daemon.url}` : 'does not run'
  const open = orders.filter(({ phase }) => phase !== 'settled')
  const rest = orders.length - open.length
  return [
    `${names} of ${seller}; its daemon ${runs}.`,
    '',
    ...tellMoney(status, amount, nowMs),
    '',
    open.length === 0 ? 'No order is open.' : 'Open orders:',
    ...open.slice(-MAX_ORDERS_TOLD).map((order) => `  ${tellOrder(order)}`),
    ...(rest > 0 ? [`  and ${rest} that ${rest === 1 ? 'is' : 'are'} settled (--json lists them)`] : []),
    ...machines.flatMap((machine) => tellMachine(machine, machines.length === 1, nowMs)),
  ].join('\n')
}

function titleOf({ name, machineId }: MachineFacts): string {
  const title = machineId === null ? 'Not registered yet' : `Machine ${machineId}`
  return name === '' ? title : `${title} (${name})`
}

function tellMachine(machine: MachineFacts, isOnly: boolean, nowMs: number): string[] {
  const { chosen, health } = machine
  const which = isOnly ? 'it' : titleOf(machine)
  return [
    '',
    chosen.possible ? `A buyer can choose ${which}:` : `A buyer cannot choose ${which} now:`,
    ...chosen.checks.flatMap(tellCheck).map((line) => `  ${line}`),
    '',
    ...tellHealth(health, nowMs),
  ]
}

function tellMoney({ earnings, money }: Facts, amount: (wei: bigint) => string, nowMs: number): string[] {
  const { paidWei, pendingWei, lostStakeWei, counted, orders } = earnings
  const { bond, freeWei, walletWei } = money
  const of = counted < orders ? ` (the newest ${counted} of ${orders} orders)` : ''
  const free = freeWei > 0n ? ' ("trainyard withdraw" pays it out)' : ''
  const lines = [
    `Earned     ${amount(paidWei)} paid, ${amount(pendingWei)} proved and not settled yet${of}`,
    `Free       ${amount(freeWei)} in the market${free}, ${amount(walletWei)} in the wallet`,
    `Bond       ${amount(bond.activeWei)}, of which ${amount(bond.reservedWei)} stand for open orders`,
  ]
  if (lostStakeWei > 0n) lines.push(`Lost       ${amount(lostStakeWei)} of stake`)
  if (bond.unbondingWei > 0n) {
    const isReady = bond.withdrawableAt * 1000 <= nowMs
    const when = isReady
      ? 'free to withdraw'
      : `free at ${new Date(bond.withdrawableAt * 1000).toISOString()}`
    lines.push(`Unbonding  ${amount(bond.unbondingWei)}, ${when}`)
  }
  return lines
}

function tellHealth(health: Health | null, nowMs: number): string[] {
  if (!health) return ['The market does not know this machine yet.']
  const { endpoint, endpointAnswers, lastHeartbeatAt, machine, seller } = health
  const record = (facts: typeof machine) =>
    facts.sampleSize === 0
      ? 'no orders yet'
      : `${facts.completed} completed, ${facts.failed} failed, ${facts.expired} expired (${facts.fulfilmentBps / 100} % kept)`
  const age = Math.max(0, Math.round(nowMs / 1000) - lastHeartbeatAt)
  const beat =
    lastHeartbeatAt === 0
      ? 'never'
      : `${age} s ago${age > MAX_HEARTBEAT_AGE_SECONDS ? ': buyers may take it for dead' : ''}`
  return [
    'As the market sees it:',
    `  endpoint   ${endpoint || 'none'}: ${endpointAnswers ? 'answers from here' : 'does not answer from here'}`,
    `  heartbeat  ${beat}`,
    `  machine    ${record(machine)}`,
    `  seller     ${record(seller)}`,
  ]
}
