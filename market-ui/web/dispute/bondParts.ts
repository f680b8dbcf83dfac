const BPS = 10_000n
const TO_JURORS_BPS = 5_000n
const TO_SELLER_BPS = 2_500n

/** Where a refuted challenger's bond goes, wei (SlashLib in the contracts); an equal share for each juror is rounded down. */
export const bondParts = (
  bondWei: string,
): { readonly toJurorsWei: string; readonly toSellerWei: string; readonly burnedWei: string } => {
  const bond = BigInt(bondWei)
  const [toJurors, toSeller] = [(bond * TO_JURORS_BPS) / BPS, (bond * TO_SELLER_BPS) / BPS]
  return {
    toJurorsWei: String(toJurors),
    toSellerWei: String(toSeller),
    burnedWei: String(bond - toJurors - toSeller),
  }
}
