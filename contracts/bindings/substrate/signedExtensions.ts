/**
 * Transaction extensions that @polkadot/api does not know, on chains that are meant to work. Paseo's asset hub has two that
 * let a transaction come from somewhere else than its signer; left out (None) they do nothing. Read from its metadata
 * (next-asset-hub-paseo 2000011), not tried on that chain.
 */
export const signedExtensions = {
  AsPgas: { extrinsic: { asPgas: 'Option<Null>' }, payload: {} },
  AsRingAlias: { extrinsic: { asRingAlias: 'Option<Null>' }, payload: {} },
}
