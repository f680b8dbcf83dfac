import type { ContractPallet, DryRun, EvmRequest } from './pallet.ts'
import { remember } from './remember.ts'

const KEPT_VIEWS = 256

/** A JSON-RPC call object. */
export function callOf(request: unknown): EvmRequest {
  const { from, to, data, input, value } = request as Record<string, string | null | undefined>
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    data: data ?? input ?? '0x',
    valueWei: BigInt(value ?? 0),
  }
}

/** Runs calls on a block's state; the same one on the same block once only, since the runtime takes its time. */
export function createViews(pallet: ContractPallet): (request: EvmRequest, at: string) => Promise<DryRun> {
  const run = remember(KEPT_VIEWS, (key) => {
    const { at, valueWei, ...request } = JSON.parse(key)
    return pallet.dryRun({ ...request, valueWei: BigInt(valueWei) }, at)
  })
  return (request, at) => run(JSON.stringify({ ...request, valueWei: String(request.valueWei), at }))
}
