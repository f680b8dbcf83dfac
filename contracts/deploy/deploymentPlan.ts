import { getCreateAddress, ZeroAddress } from 'ethers'
import type { DrandParameters } from '../bindings/drandNetwork.ts'
import { balancesAbi, balancesBytecode } from '../bindings/generated/Balances.ts'
import { disputesAbi, disputesBytecode } from '../bindings/generated/Disputes.ts'
import { drandBeaconAbi, drandBeaconBytecode } from '../bindings/generated/DrandBeacon.ts'
import { drillingAbi, drillingBytecode } from '../bindings/generated/Drilling.ts'
import { hashrateAbi, hashrateBytecode } from '../bindings/generated/Hashrate.ts'
import { machinesAbi, machinesBytecode } from '../bindings/generated/Machines.ts'
import { marketAbi, marketBytecode } from '../bindings/generated/Market.ts'
import { proofsAbi, proofsBytecode } from '../bindings/generated/Proofs.ts'
import { rewardsAbi, rewardsBytecode } from '../bindings/generated/Rewards.ts'
import { runtimeAbi, runtimeBytecode } from '../bindings/generated/Runtime.ts'
import { stakingAbi, stakingBytecode } from '../bindings/generated/Staking.ts'
import { windowsAbi, windowsBytecode } from '../bindings/generated/Windows.ts'
import type { ParameterFacts } from '../bindings/readParameters.ts'
import type { Code } from './deployContract.ts'
import type { ScoreParameters } from './scoreParameters.ts'

/** One contract to deploy with the transaction of this nonce, and the address that it gets by that. */
export type Step = Code & { args: readonly unknown[]; nonce: number; address: string }
export type Plan = {
  runtime: Step
  balances: Step
  machines: Step
  staking: Step
  market: Step
  proofs: Step
  disputes: Step
  hashrate: Step
  drilling: Step
  rewards: Step
  windows: Step
  /** Where drand draws; without it hashes of blocks do. */
  beacon?: Step
}

/**
 * Which contracts go where: addresses follow from the deployer and its nonce (EIP-161), so the same fresh account
 * gives the same addresses on every chain, and an interrupted deployment can be taken up where it stopped.
 * @param firstNonce of the runtime; the pallets take the ten after it, a beacon the next
 */
export function deploymentPlan(facts: {
  deployer: string
  firstNonce: number
  parameters: ParameterFacts
  scores: ScoreParameters
  token: string
  beacon?: DrandParameters
}): Plan {
  const { deployer, firstNonce, parameters, scores, token, beacon } = facts
  const step = (offset: number, code: Code, args: readonly unknown[]): Step => {
    const nonce = firstNonce + offset
    return { ...code, args, nonce, address: getCreateAddress({ from: deployer, nonce }) }
  }
  const at = (offset: number) => getCreateAddress({ from: deployer, nonce: firstNonce + offset })
  const orders = { balances: at(1), machines: at(2), staking: at(3), market: at(4), proofs: at(5) }
  const scoring = { hashrate: at(7), drilling: at(8), rewards: at(9) }
  const pallets = {
    ...orders,
    disputes: at(6),
    ...scoring,
    windows: at(10),
    beacon: beacon ? at(11) : ZeroAddress,
  }
  const runtime = step(0, { name: 'Runtime', abi: runtimeAbi, bytecode: runtimeBytecode }, [
    parameters,
    pallets,
  ])
  const { address } = runtime
  return {
    runtime,
    balances: step(1, { name: 'Balances', abi: balancesAbi, bytecode: balancesBytecode }, [address, token]),
    machines: step(2, { name: 'Machines', abi: machinesAbi, bytecode: machinesBytecode }, [address]),
    staking: step(3, { name: 'Staking', abi: stakingAbi, bytecode: stakingBytecode }, [address]),
    market: step(4, { name: 'Market', abi: marketAbi, bytecode: marketBytecode }, [address]),
    proofs: step(5, { name: 'Proofs', abi: proofsAbi, bytecode: proofsBytecode }, [address]),
    disputes: step(6, { name: 'Disputes', abi: disputesAbi, bytecode: disputesBytecode }, [address]),
    hashrate: step(7, { name: 'Hashrate', abi: hashrateAbi, bytecode: hashrateBytecode }, [address, scores]),
    drilling: step(8, { name: 'Drilling', abi: drillingAbi, bytecode: drillingBytecode }, [address, scores]),
    rewards: step(9, { name: 'Rewards', abi: rewardsAbi, bytecode: rewardsBytecode }, [address, scores]),
    windows: step(10, { name: 'Windows', abi: windowsAbi, bytecode: windowsBytecode }, [address]),
    ...(beacon && { beacon: step(11, drandBeacon, drandArguments(beacon)) }),
  }
}

const drandBeacon = { name: 'DrandBeacon', abi: drandBeaconAbi, bytecode: drandBeaconBytecode }

function drandArguments({ network, marginRounds, drawGrid }: DrandParameters): readonly unknown[] {
  const { publicKey, chainHash, genesisSeconds, periodSeconds } = network
  return [publicKey, `0x${chainHash}`, genesisSeconds, periodSeconds, marginRounds, drawGrid]
}

/** The plan's steps in the order in which they are sent. */
export function stepsOf(plan: Plan): Step[] {
  return Object.values(plan).sort((a, b) => a.nonce - b.nonce)
}
