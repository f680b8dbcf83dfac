import { amountsIn } from './amountsIn.ts'
import { askDaemon } from './askDaemon.ts'
import type { SellerOptions } from './options.ts'
import { readStatus } from './readStatus.ts'
import type { Rim } from './rim.ts'
import { knownOrders } from './status/knownOrders.ts'
import { readEarnings } from './status/readEarnings.ts'
import { readHealth } from './status/readHealth.ts'
import { readMoney } from './status/readMoney.ts'
import { readVisibility } from './status/readVisibility.ts'
import { tellStatus } from './status/tellStatus.ts'
import { tellOrder } from './tellOrder.ts'
import { namedMachines, type SellerContext, type SellerMachine, withSeller } from './withSeller.ts'

/**
 * Says what the machine earns, why it is chosen or not, and its health as others see it. Exit code 75 if the
 * daemon does not answer.
 */
export async function statusCommand(
  options: SellerOptions & { url?: string; machine?: string },
  rim: Rim,
): Promise<void> {
  if (options.url !== undefined) return daemonStatus(options.url.replace(/\/+$/, ''), options, rim)
  await withSeller({ ...options, sign: false }, rim, async (seller) => {
    const running = await askDaemon(seller)
    const orders = running?.orders ?? (await knownOrders(seller.config.dataDir))
    const isRunning = running !== undefined
    const machines = namedMachines(seller.machines, options.machine)
    const [earnings, money, about, amount] = await Promise.all([
      readEarnings(
        seller.chain,
        orders.map(({ orderId }) => orderId),
      ),
      readMoney(seller),
      Promise.all(machines.map((machine) => readMachineStatus(seller, machine, isRunning))),
      amountsIn(seller.chain),
    ])
    const status = {
      machines: about,
      seller: seller.account,
      daemon: {
        running: isRunning,
        url: seller.daemon?.url ?? null,
        version: running?.version ?? null,
      },
      orders,
      earnings,
      money,
    }
    rim.say(options).answer(status, tellStatus(status, amount, Date.now()))
    if (!running) rim.exitWith(75)
  })
}

/** Why a machine is chosen or not, and its health as others see it. */
async function readMachineStatus(seller: SellerContext, machine: SellerMachine, isRunning: boolean) {
  const [checks, health] = await Promise.all([
    readVisibility(seller, machine, isRunning),
    readHealth(seller, machine),
  ])
  return {
    name: machine.config.name,
    machineId: machine.machineId ?? null,
    chosen: { possible: checks.every(({ status }) => status !== 'fail'), checks },
    health: health ?? null,
  }
}

/** Only what the daemon itself says, for one whose configuration is not here. */
async function daemonStatus(url: string, options: SellerOptions, rim: Rim): Promise<void> {
  const status = await readStatus(url)
  const { machines, seller, orders } = status
  const ids = machines.map(({ machineId }) => machineId).join(', ')
  const open = orders.length === 0 ? ' It answers, and knows of no order.' : ''
  const lines = [`Machine ${ids} of ${seller}.${open}`, ...orders.map((order) => `  ${tellOrder(order)}`)]
  rim.say(options).answer(status, lines.join('\n'))
}
