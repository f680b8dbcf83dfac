// `npm run faucet -- ADDRESS`: gas and tokens for an account on the devnet that `npm start` runs. Worth nothing.
import { readFileSync } from 'node:fs'
import { deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { isAddress, JsonRpcProvider, parseEther } from 'ethers'
import { fund } from '../devnet/fund.ts'
import { DEVNET_CHAIN_ID, USUAL_RPC_URL } from '../devnet/startAnvil.ts'
import { yardPaths } from '../paths.ts'

const TOKENS_WEI = parseEther('1000')

const [account] = process.argv.slice(2)
try {
  if (!isAddress(account)) throw new Error('usage: npm run faucet -- ADDRESS')
  const deployment = deploymentSchema.parse(JSON.parse(readFileSync(yardPaths().deployment, 'utf8')))
  const provider = new JsonRpcProvider(USUAL_RPC_URL, DEVNET_CHAIN_ID, { staticNetwork: true })
  await fund(await provider.getSigner(0), deployment, account, TOKENS_WEI)
  console.error(`${account} has 1,000 DEV and gas on the devnet.`)
  provider.destroy()
} catch (error) {
  console.error(`${(error as Error).message} The faucet needs a running \`npm start\`; nothing was sent.`)
  process.exit(1)
}
