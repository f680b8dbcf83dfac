import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { fetchBundle } from '../buyer/fetchBundle.ts'
import { fetchOutput } from '../buyer/fetchOutput.ts'
import { readAgreement } from '../buyer/readAgreement.ts'
import { sentenceOf } from '../sentenceOf.ts'
import { tellNotHad } from './agreementWords.ts'
import type { ChainOptions } from './options.ts'
import { REPLAYER } from './replayer.ts'
import type { Rim } from './rim.ts'
import { tellPair } from './tellPair.ts'
import { withChain } from './withChain.ts'

/** Collects and verifies an order's bundle, or fetches the result of one without proof; exit code 1 if it is invalid, 75 if it cannot be decided here. */
export async function fetchCommand(
  orderId: bigint,
  options: ChainOptions & { store?: string; out: string },
  rim: Rim,
): Promise<void> {
  const { out } = options
  const say = rim.say(options)
  await withChain(options, rim, async (context, { store, rpc }) => {
    const order = await readOrder(context, orderId)
    if (order.terms.mode === 'None' && order.status !== 'None') {
      const onFile = (path: string) => say.progress({ event: 'file', path }, `fetched  ${path}`)
      const { files } = await fetchOutput({ context, orderId, order, store, out, onFile })
      const isEmpty = files.length === 0 ? ' The program left nothing.' : ''
      say.answer(
        { out, files },
        `The result of order ${orderId} is in ${out}. Nothing of it is proved.${isEmpty}`,
      )
      return
    }
    const onPart = (name: string, isNew: boolean) =>
      say.progress({ event: 'part', name, isNew }, `${isNew ? 'fetched' : 'kept   '}  ${name}`)
    const warn = async (why: string) => {
      const agreement = await readAgreement(context, orderId)
      if (agreement) tellNotHad(say, agreement, why, { rpc, store })
    }
    const fetching = fetchBundle({ context, orderId, store, out, rpc, replayer: [...REPLAYER], onPart })
    const found = await fetching.catch(async (error: unknown) => {
      await warn(`What the pair agreed on cannot be fetched: ${sentenceOf(error)}`)
      throw error
    })
    const failed = found.checks.filter(({ status }) => status !== 'pass')
    // What only the chain says otherwise may have changed while it was fetched.
    const isWrong = failed.some(({ id, status }) => status === 'fail' && id !== 'chain')
    if (isWrong) await warn(`What is in ${out} is invalid.`)
    const pair = await tellPair(say, context, orderId)
    const details = failed.map(({ id, status, detail }) => `\n  ${id}: ${status}. ${detail}`).join('')
    const accuracy =
      found.accuracy === null ? '' : `, accuracy on held-out data ${(100 * found.accuracy).toFixed(2)} %`
    say.answer(
      { ...found, ...(pair && { pair }) },
      `The bundle in ${out} is ${found.verdict}${accuracy}.${details}`,
    )
    if (found.verdict !== 'valid') rim.exitWith(found.verdict === 'invalid' ? 1 : 75)
  })
}
