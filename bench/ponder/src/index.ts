import { ponder } from 'ponder:registry'
import { bonded } from 'ponder:schema'

ponder.on('Staking:Bonded', async ({ event, context }) => {
  await context.db.insert(bonded).values({
    id: event.id,
    block: event.block.number,
    logIndex: event.log.logIndex,
    txHash: event.transaction.hash,
    account: event.args.account,
    amountWei: event.args.amountWei,
  })
})
