import type { ChainContext } from '@trainyard/contracts/context.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { readSeatCount } from '@trainyard/contracts/readSeatCount.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatEther, parseUnits } from 'ethers'
import type { MachineConfig } from '../../config/machinesOf.ts'
import { amountsIn } from '../amountsIn.ts'
import { type Check, check } from './check.ts'

/** What a month of heartbeats and some hundred orders take at 20 gwei, generously. */
const GAS_ADVICE_WEI = parseUnits('0.05', 18)
const SECONDS_PER_HOUR = 3600n

/** @property machines those that the money is for, each with its own price, longest order and class */
type Facts = {
  chain: ChainContext
  account: string
  machines: readonly [MachineConfig, ...MachineConfig[]]
  nowMs: number
}

/** Whether the market would take an order for this seller: gas, bond, seats, and no pause. */
export async function checkMoney(facts: Facts): Promise<Check[]> {
  const classes = [...new Set(facts.machines.map(({ hardwareClass }) => hardwareClass))]
  return Promise.all([
    checkGas(facts),
    checkBond(facts),
    checkCover(facts),
    ...classes.map((name, index) => checkSeats(facts, name, index === 0 ? 'seats' : `seats-${name}`)),
    checkPause(facts),
  ])
}

async function checkGas({ chain, account }: Facts): Promise<Check> {
  const balance = (await chain.runner.provider?.getBalance(account)) ?? 0n
  const status = balance === 0n ? 'fail' : balance < GAS_ADVICE_WEI ? 'warn' : 'pass'
  return check(
    { id: 'gas', title: 'Coin for gas', purpose: 'Every transaction of the daemon costs gas.' },
    {
      status,
      actual: formatEther(balance),
      required: formatEther(GAS_ADVICE_WEI),
      unit: "of the chain's coin",
      remediation: status === 'pass' ? null : `Send some of the chain's own coin to ${account}.`,
    },
  )
}

async function checkBond({ chain, account, machines }: Facts): Promise<Check> {
  const [config] = machines
  const [{ activeWei }, freeWei, { balanceWei }, amount] = await Promise.all([
    readBond(chain, account),
    readFree(chain, account),
    readToken(chain, account),
    amountsIn(chain),
  ])
  const missing = config.bondWei - activeWei - freeWei - balanceWei
  return check(
    { id: 'bond', title: 'Bond', purpose: 'Every order reserves stake from it; a proved fraud loses it.' },
    {
      status: missing > 0n ? 'fail' : 'pass',
      actual: `${amount(activeWei)} bonded, ${amount(freeWei + balanceWei)} at hand`,
      required: amount(config.bondWei),
      remediation: missing > 0n ? `Send ${amount(missing)} to ${account}, or lower bondWei.` : null,
    },
  )
}

/** An order reserves its price and audit fee, at least twice the panel's cost; each machine may have one. */
async function checkCover({ chain, account, machines }: Facts): Promise<Check> {
  const [{ bondWei }] = machines
  const perHourWei = machines.reduce((sum, { pricePerHourWei }) => sum + pricePerHourWei, 0n)
  const maxSeconds = Math.max(...machines.map((machine) => machine.maxSeconds))
  const panels = 2n * BigInt(machines.length)
  const [{ activeWei, reservedWei }, { panelCostWei }] = await Promise.all([
    readBond(chain, account),
    readParameters(chain),
  ])
  const isBonded = activeWei > 0n
  const unreservedWei = (isBonded ? activeWei : bondWei) - (isBonded ? reservedWei : 0n)
  const longest = Number((unreservedWei * SECONDS_PER_HOUR) / perHourWei)
  const status = unreservedWei < panels * panelCostWei ? 'fail' : longest < maxSeconds ? 'warn' : 'pass'
  return check(
    {
      id: 'stake',
      title: `Longest order${machines.length > 1 ? ' on every machine at once' : ''} that the bond covers`,
      purpose: 'The market refuses an order whose price the seller has not bonded.',
    },
    {
      status,
      actual: status === 'fail' ? 0 : Math.min(longest, maxSeconds),
      required: maxSeconds,
      unit: 'seconds',
      remediation:
        status === 'pass'
          ? null
          : 'Raise bondWei, or lower maxSeconds or the price; open orders free theirs.',
    },
  )
}

async function checkSeats({ chain, account }: Facts, className: string, id: string): Promise<Check> {
  const hardwareClass = hardwareClassOf(className)
  const [seats, isOwn, { minSeats }] = await Promise.all([
    readSeatCount(chain, hardwareClass),
    hasSeat(chain, hardwareClass, account),
    readParameters(chain),
  ])
  const others = Number(seats) - (isOwn ? 1 : 0)
  const isEnough = others >= minSeats
  return check(
    {
      id,
      title: `Auditors in class ${className}`,
      purpose: 'Without enough auditors besides its parties, the market takes no order in the class.',
    },
    {
      status: isEnough ? 'pass' : 'fail',
      actual: others,
      required: minSeats,
      unit: 'seats',
      remediation: isEnough ? null : 'Choose a hardwareClass with auditors, or find some for this one.',
    },
  )
}

async function checkPause({ chain, nowMs }: Facts): Promise<Check> {
  const { pausedUntil } = await read(chain, 'runtime', 'admission', [])
  const isPaused = pausedUntil * 1000 > nowMs
  return check(
    {
      id: 'market-open',
      title: 'Market takes orders',
      purpose: 'Its guardian can pause new orders for a while.',
    },
    {
      status: isPaused ? 'warn' : 'pass',
      actual: isPaused ? `paused until ${new Date(pausedUntil * 1000).toISOString()}` : 'yes',
      required: 'yes',
      remediation: isPaused ? 'Wait; open orders go on.' : null,
    },
  )
}
