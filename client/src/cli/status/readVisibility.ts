import type { ChainContext } from '@trainyard/contracts/context.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { listMachines } from '../../buyer/listMachines.ts'
import { isDraining } from '../../setup/draining.ts'
import { amountsIn } from '../amountsIn.ts'
import { type Check, check } from '../checks/check.ts'
import { checkMoney } from '../checks/checkMoney.ts'
import type { SellerContext, SellerMachine } from '../withSeller.ts'

const MAX_MACHINES = 500

/** Why a buyer can choose this machine, or why not, in the order in which a buyer would stumble. */
export async function readVisibility(
  seller: SellerContext,
  machine: SellerMachine,
  isRunning: boolean,
): Promise<Check[]> {
  const { chain, account } = seller
  const { config } = machine
  const money = await checkMoney({ chain, account, machines: [config], nowMs: Date.now() })
  const isDrained = await isDraining(config)
  return [
    checkDaemon(isRunning),
    checkDraining(isDrained),
    ...(await checkOffer(chain, machine, isDrained)),
    ...money.filter(({ id }) => id !== 'bond'),
  ]
}

function checkDaemon(isRunning: boolean): Check {
  return check(
    { id: 'daemon', title: 'Daemon', purpose: 'Without it an order is not started, which costs stake.' },
    isRunning
      ? { status: 'pass', actual: 'running' }
      : {
          status: 'fail',
          actual: 'does not answer',
          required: 'running',
          remediation: 'Start it: "trainyard start". If it is to stay off: "trainyard drain".',
        },
  )
}

function checkDraining(isDrained: boolean): Check {
  const about = { id: 'draining', title: 'Takes orders', purpose: 'Drain keeps new orders away.' }
  if (!isDrained) return check(about, { status: 'pass', actual: 'yes' })
  return check(about, { status: 'fail', actual: 'no: it drains', remediation: 'trainyard drain --undo' })
}

async function checkOffer(
  chain: ChainContext,
  { machineId, config }: SellerMachine,
  isDrained: boolean,
): Promise<Check[]> {
  const about = { id: 'offer', title: 'Offer', purpose: 'Buyers choose among open offers.' }
  if (machineId === undefined)
    return [check(about, { status: 'fail', actual: 'none: not registered', remediation: 'trainyard start' })]
  const machine = await readMachine(chain, machineId)
  if (machine.offerId === 0n && isDrained) return [check(about, { status: 'info', actual: 'none, as asked' })]
  if (machine.offerId === 0n) {
    const remediation = 'The daemon makes it; if it does not, its log says why.'
    return [check(about, { status: 'fail', actual: 'none', required: 'open', remediation })]
  }
  const { timestamp } = await readHead(chain)
  const { open, expiresAt, pricePerHourWei, maxSeconds } = await readOffer(chain, machine.offerId)
  const amount = await amountsIn(chain)
  const until = new Date(expiresAt * 1000).toISOString().slice(0, 10)
  const offer = check(about, {
    status: open && expiresAt > timestamp ? 'pass' : 'fail',
    actual: `${machine.offerId}: ${amount(pricePerHourWei)} an hour, at most ${maxSeconds} s, until ${until}`,
    required: 'open',
  })
  const busy = check(
    { id: 'free', title: 'Free for an order', purpose: 'A machine runs one order at a time.' },
    { status: 'info', actual: machine.currentOrderId === 0n ? 'yes' : `no: order ${machine.currentOrderId}` },
  )
  return [offer, busy, await checkRank(chain, config.hardwareClass, machineId)]
}

async function checkRank(chain: ChainContext, hardwareClass: string, machineId: bigint): Promise<Check> {
  const machines = await listMachines(chain, MAX_MACHINES)
  const same = machines.filter((other) => other.hardwareClass === hardwareClassOf(hardwareClass))
  const rank = same.findIndex((other) => other.machineId === String(machineId)) + 1
  return check(
    {
      id: 'price',
      title: 'Price among its class',
      purpose: 'Buyers who name no machine get the cheapest free one.',
    },
    { status: 'info', actual: rank === 0 ? 'not listed' : `${rank} of ${same.length}, cheapest first` },
  )
}
