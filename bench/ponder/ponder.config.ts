import { createConfig } from 'ponder'

const abi = [
  {
    type: 'event',
    name: 'Bonded',
    inputs: [
      { name: 'account', type: 'address', indexed: true },
      { name: 'amountWei', type: 'uint256', indexed: false },
    ],
  },
] as const

export default createConfig({
  database: { kind: 'pglite', directory: process.env.PONDER_BENCH_DIR },
  chains: { devnet: { id: 31_337, rpc: process.env.PONDER_BENCH_RPC } },
  contracts: {
    Staking: {
      abi,
      chain: 'devnet',
      address: process.env.PONDER_BENCH_ADDRESS as `0x${string}`,
      startBlock: Number(process.env.PONDER_BENCH_FROM),
    },
  },
})
