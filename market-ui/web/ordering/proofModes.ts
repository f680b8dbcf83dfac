/** A way to have an order proved, as the form offers it: by the name that jobs use. */
export type OfferedMode = {
  readonly value: 'bitwise' | 'refereed' | 'tolerance' | 'none'
  readonly text: string
  /** What it proves and what it does not. */
  readonly says: string
}

export const offeredModes: readonly OfferedMode[] = [
  {
    value: 'bitwise',
    text: 'Bitwise',
    says: 'Auditors drawn by lot re-run parts of the training and must get every bit. Parts that are not drawn are not proved.',
  },
  {
    value: 'refereed',
    text: 'Refereed: two sellers',
    says: 'Two sellers train it side by side, and you pay both. Where every bit of theirs agrees nobody re-runs it, and both audit fees come back; where not, auditors decide as for bitwise. One honest seller of the two is enough; two that are one person could pass anything, so choose two that you know apart.',
  },
  {
    value: 'tolerance',
    text: 'Tolerance: unlike hardware',
    says: 'Auditors re-run parts drawn by lot and must come as near as the thresholds say. A cheat smaller than these is not seen, and what is found ends pay but slashes nobody.',
  },
  {
    value: 'none',
    text: 'No proof: rent the machine',
    says: 'Nothing is proved: you pay for the time that the machine says it is up, and stop it whenever you like.',
  },
]

const NO_PAIR = 'Refereed orders take free machines of two sellers in one hardware class: there are none now.'

/** What a mode proves and, where no two sellers could take a refereed order, why that is not offered. */
export const modeHint = (mode: string, isPairThere: boolean): string | undefined => {
  const says = offeredModes.find(({ value }) => value === mode)?.says
  return says === undefined || isPairThere || mode === 'refereed' ? says : `${says} ${NO_PAIR}`
}

/** A chain's mode in the words of tables and filters. */
export const modeText = (mode: string): string => (mode === 'None' ? 'no proof' : mode.toLowerCase())
