import { claimWins } from '@trainyard/contracts/claimWins.ts'
import { openEpoch } from '@trainyard/contracts/openEpoch.ts'
import { read } from '@trainyard/contracts/read.ts'
import { registerKey } from '@trainyard/contracts/registerKey.ts'
import { publicKeyOf } from '@trainyard/verifier/bls/publicKeyOf.ts'
import { CLAIM_TAG, POSSESSION_TAG, possessionMessage } from '@trainyard/verifier/bls/rewardMessages.ts'
import { secretKeyFrom } from '@trainyard/verifier/bls/secretKeyFrom.ts'
import { sign } from '@trainyard/verifier/bls/sign.ts'
import { getBytes } from 'ethers'
import { attempt } from './attempt.ts'
import type { Scorer } from './scorer.ts'

/**
 * Registers the machine's key once, and claims what it won in the current epoch. The key follows from the account's own
 * signature (RFC 6979: always the same), so that there is no second secret to keep.
 */
export async function claimRewards(scorer: Scorer): Promise<void> {
  const { chain, machineId, journal, logger } = scorer
  const { countsFrom } = await read(chain, 'rewards', 'keyOf', [machineId])
  if (countsFrom === 0) return register(scorer)
  const epoch = await read(chain, 'hashrate', 'epoch', [])
  const name = `claimed ${machineId}`
  if (BigInt(countsFrom) > epoch || journal.fact<string>(name) === String(epoch)) return
  if ((await read(chain, 'rewards', 'treasuryWei', [])) === 0n) return
  if ((await read(chain, 'rewards', 'meanWinsOf', [machineId])) === 0n) return
  const { beaconBlock } = await read(chain, 'rewards', 'epochOf', [epoch])
  if (beaconBlock === 0) return void (await attempt(() => openEpoch(chain)))
  const message = await read(chain, 'rewards', 'messageOf', [machineId])
  if (message === '0x') return
  if (!(await read(chain, 'rewards', 'isClaimed', [epoch, machineId]))) {
    const [x, y] = sign(await secretKey(scorer), CLAIM_TAG, getBytes(message))
    const { wins, paidWei } = await claimWins(chain, { machineId, signature: { x, y } })
    const what = { epoch: String(epoch), wins: String(wins), paidWei: String(paidWei) }
    logger.info({ msg: 'claimed rewards', machineId: String(machineId), ...what })
  }
  journal.saveFact(name, String(epoch))
}

async function register(scorer: Scorer): Promise<void> {
  const { chain, machineId, signer } = scorer
  const secret = await secretKey(scorer)
  const [xIm, xRe, yIm, yRe] = publicKeyOf(secret)
  const key: [bigint, bigint, bigint, bigint] = [xIm, xRe, yIm, yRe]
  const { chainId, rewards } = chain.deployment
  const owner = await signer.getAddress()
  const [x, y] = sign(secret, POSSESSION_TAG, possessionMessage({ chainId, rewards, machineId, owner, key }))
  await registerKey(chain, { machineId, key: { xIm, xRe, yIm, yRe }, possession: { x, y } })
}

async function secretKey({ chain, machineId, signer }: Scorer): Promise<bigint> {
  const { chainId, rewards } = chain.deployment
  const text = `Trainyard: the reward key of machine ${machineId} at ${rewards} on chain ${chainId}. Sign this nowhere else.`
  return secretKeyFrom(getBytes(await signer.signMessage(text)))
}
