import { join } from 'node:path'

export const repositoryRoot = join(import.meta.dirname, '..', '..')

/** Where `npm start` keeps everything it makes; deleting the folder loses a devnet and nothing else. */
export type YardPaths = ReturnType<typeof yardPaths>

export function yardPaths(home = join(repositoryRoot, '.trainyard')) {
  const at = (...parts: string[]) => join(home, ...parts)
  return {
    home,
    chainState: at('chain', 'state.json'),
    deployment: at('chain', 'deployment.json'),
    drand: at('chain', 'drand.json'),
    lock: at('yard.lock'),
    keys: at('keys'),
    logs: at('logs'),
    market: at('market'),
    seller: at('seller'),
    /** the same seller's second machine, of another hardware class */
    torchSeller: at('seller-torch'),
    torchWork: at('torch-image'),
    auditor: at('auditor'),
    juror: at('juror'),
    bundles: at('bundles'),
    sampleJob: at('sample', 'job.json'),
  }
}
