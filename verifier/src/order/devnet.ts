/** What `npm start` serves on this machine. */
export const DEVNET = { deployment: '.trainyard/chain/deployment.json', store: 'http://127.0.0.1:4270' }
