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
import { withSeller } from './withSeller.ts'

/**
 * Says what the machine earns, why it is chosen or not, and its health as others see it. Exit code 75 if the
 * daemon does not answer.
 */
export async function statusCommand(options: SellerOptions & { url?: string }, rim: Rim): Promise<void> {
  if (options.url !== undefined) return daemonStatus(options.url.replace(/\/+$/, ''), options, rim)
  await withSeller({ ...options, sign: false }, rim, async (seller) => {
    const running = await askDaemon(seller)
    const orders = running?.orders ?? (await knownOrders(seller.config.dataDir))
    const [earnings, money, visibility, health, amount] = await Promise.all([
      readEarnings(
        seller.chain,
        orders.map(({ orderId }) => orderId),
      ),
      readMoney(seller),
      readVisibility(seller, running !== undefined),
      readHealth(seller),
      amountsIn(seller.chain),
    ])
    const status = {
      machineId: seller.machineId ?? null,
      seller: seller.account,
      daemon: {
        running: running !== undefined,
        url: seller.daemon?.url ?? null,
        version: running?.version ?? null,
      },
      orders,
      earnings,
      money,
      chosen: { possible: visibility.every((one) => one.status !== 'fail'), checks: visibility },
      health: health ?? null,
    }
    rim.say(options).answer(status, tellStatus(status, amount, Date.now()))
    if (!running) rim.exitWith(75)
  })
}

/** Only what the daemon itself says, for one whose configuration is not here. */
async function daemonStatus(url: string, options: SellerOptions, rim: Rim): Promise<void> {
  const status = await readStatus(url)
  const { machineId, seller, orders } = status
  const lines = [`Machine ${machineId} of ${seller}.`, ...orders.map((order) => `  ${tellOrder(order)}`)]
  rim.say(options).answer(status, lines.join('\n'))
}
