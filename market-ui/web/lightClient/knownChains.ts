type Spec = () => Promise<{ readonly chainSpec: string }>

/** A parachain whose specification comes with the page, and that of the relay chain which it is followed through. */
export type KnownChain = { readonly name: string; readonly relay: Spec; readonly chain: Spec }

/**
 * By the hash of their first block. A specification names peers to begin with and a block of the relay chain that it is sure of;
 * everything after that is proved.
 */
export const knownChains: Readonly<Record<string, KnownChain>> = {
  '0x68d56f15f85d3136970ec16946040bc1752654e906147f7e43e9d539d7c3de2f': {
    name: 'Polkadot Asset Hub',
    relay: () => import('@polkadot-api/known-chains/polkadot'),
    chain: () => import('@polkadot-api/known-chains/polkadot_asset_hub'),
  },
  '0x48239ef607d7928874027a43a67689209727dfb3d3dc5e5b03a39bdc2eda771a': {
    name: 'Kusama Asset Hub',
    relay: () => import('@polkadot-api/known-chains/kusama'),
    chain: () => import('@polkadot-api/known-chains/kusama_asset_hub'),
  },
  '0xd6eec26135305a8ad257a20d003357284c8aa03d0bdb2b357ab0a22371e11ef2': {
    name: 'Paseo Asset Hub',
    relay: () => import('@polkadot-api/known-chains/paseo'),
    chain: () => import('@polkadot-api/known-chains/paseo_asset_hub'),
  },
  '0x67f9723393ef76214df0118c34bbbd3dbebc8ed46a10973a8c969d48fe7598c9': {
    name: 'Westend Asset Hub',
    relay: () => import('@polkadot-api/known-chains/westend'),
    chain: () => import('@polkadot-api/known-chains/westend_asset_hub'),
  },
}
