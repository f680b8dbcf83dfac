/** Some of a scarce thing: parties of an order may take every one, strangers only what is not reserved. */
export type Slots = {
  /** Takes one; returns what gives it back (once), or undefined if none is left for this caller. */
  take(caller: { name: string; isParty: boolean }): (() => void) | undefined
}

/**
 * @param reserved of `total`, for parties only
 * @param perCaller for one account, or one address of strangers
 */
export function createSlots(limits: { total: number; reserved: number; perCaller: number }): Slots {
  let taken = 0
  let strangers = 0
  const byCaller = new Map<string, number>()
  return {
    take({ name, isParty }) {
      const mine = byCaller.get(name) ?? 0
      const isFull = isParty ? taken >= limits.total : strangers >= limits.total - limits.reserved
      if (isFull || mine >= limits.perCaller) return undefined
      taken++
      if (!isParty) strangers++
      byCaller.set(name, mine + 1)
      let isGiven = false
      return () => {
        if (isGiven) return
        isGiven = true
        taken--
        if (!isParty) strangers--
        const left = (byCaller.get(name) ?? 1) - 1
        if (left > 0) byCaller.set(name, left)
        else byCaller.delete(name)
      }
    },
  }
}
