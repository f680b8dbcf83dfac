import { join } from 'node:path'

/** What `npm start` serves on this machine. */
export const DEVNET = {
  rpc: 'http://127.0.0.1:8545',
  deployment: join('.trainyard', 'chain', 'deployment.json'),
  store: 'http://127.0.0.1:4270',
}
