import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { ClientError } from '../errors.ts'
import { isDraining, setDraining } from '../setup/draining.ts'
import { ensureOffer } from '../setup/ensureOffer.ts'
import { askDaemon } from './askDaemon.ts'
import type { SellerOptions } from './options.ts'
import { readStatus } from './readStatus.ts'
import type { Rim } from './rim.ts'
import { namedMachines, type SellerContext, withSeller } from './withSeller.ts'

const POLL_MS = 500
/** A daemon looks every few seconds; the chain then takes a block or two. */
const OFFER_TIMEOUT_MS = 120_000

/**
 * Marks the machine as draining, or ends that, and sees to it that the chain agrees: through the daemon if one
 * runs, since one account should send from one place, else by itself. An offer comes back at the next start.
 */
export async function drainCommand(
  options: SellerOptions & { undo?: true; wait?: true; machine?: string },
  rim: Rim,
): Promise<void> {
  const signal = rim.interrupted()
  const isOn = !options.undo
  await withSeller({ ...options, sign: true }, rim, async (seller) => {
    const machines = namedMachines(seller.machines, options.machine)
    await mark(seller, options.machine, isOn)
    const isRunning = (await askDaemon(seller)) !== undefined
    const offered: boolean[] = []
    for (const { machineId } of machines) {
      offered.push(await followOffer(seller.chain, machineId, isOn, isRunning, signal))
    }
    const isOffered = offered.includes(true)
    const only = options.machine === undefined ? undefined : String(machines[0]?.machineId)
    const wait = { isWanted: options.wait ?? false, only }
    const openOrders = isRunning ? await waitForOrders(seller, wait, rim, signal) : []
    rim
      .say(options)
      .answer(
        { draining: isOn, offered: isOffered, daemonRunning: isRunning, openOrders },
        sentence({ isOn, isOffered, isRunning, openOrders }),
      )
  })
}

/** Undoing it for all undoes it for each; a machine of a drained host cannot be undone alone. */
async function mark({ config, machines }: SellerContext, name: string | undefined, isOn: boolean) {
  const { dataDir } = config
  if (name !== undefined && !isOn && (await isDraining({ dataDir, name: '' }))) {
    throw new ClientError('The whole host drains.', 'Undo that first: "trainyard drain --undo".')
  }
  const all = isOn ? [''] : ['', ...machines.map((machine) => machine.config.name)]
  await setDraining(dataDir, name === undefined ? all : [name], isOn)
}

async function followOffer(
  chain: ChainContext,
  machineId: bigint | undefined,
  isOn: boolean,
  isRunning: boolean,
  signal: AbortSignal,
) {
  if (machineId === undefined) return false
  if (!isRunning && isOn) await ensureOffer(chain, machineId, undefined)
  const giveUpAtMs = Date.now() + OFFER_TIMEOUT_MS
  for (;;) {
    const isOffered = (await readMachine(chain, machineId)).offerId !== 0n
    if (isOffered !== isOn || !isRunning) return isOffered
    if (Date.now() > giveUpAtMs) {
      throw new ClientError(
        `The daemon has not ${isOn ? 'taken its offer back' : 'made an offer'} within ${OFFER_TIMEOUT_MS / 1000} s; it is marked to.`,
        'See its log; "trainyard status" shows the offer.',
        { exitCode: 75 },
      )
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

type Wait = { isWanted: boolean; only: string | undefined }

async function waitForOrders(seller: SellerContext, wait: Wait, rim: Rim, signal: AbortSignal) {
  for (let told = ''; ; ) {
    const { orders } = await readStatus(seller.daemon!.url)
    const open = orders
      .filter(({ phase, machineId }) => {
        return phase !== 'settled' && (wait.only === undefined || (machineId ?? wait.only) === wait.only)
      })
      .map(({ orderId }) => orderId)
    if (!wait.isWanted || open.length === 0) return open
    const text = `Waiting for ${open.length === 1 ? 'order' : 'orders'} ${open.join(', ')}.`
    if (text !== told) rim.say({}).progress({ event: 'waiting', openOrders: open }, text)
    told = text
    await delay(POLL_MS * 2, undefined, { signal })
  }
}

function sentence(found: { isOn: boolean; isOffered: boolean; isRunning: boolean; openOrders: string[] }) {
  const { isOn, isOffered, isRunning, openOrders } = found
  if (!isOn) {
    if (isOffered) return 'The machine is offered again.'
    return isRunning ? 'It will be offered again.' : 'It will be offered again when the daemon starts.'
  }
  if (openOrders.length === 0) return 'The machine is not offered any more, and no order is open.'
  return `The machine is not offered any more; still open: ${openOrders.join(', ')}. Leave the daemon running until they are settled.`
}
