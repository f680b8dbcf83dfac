/** The ends of an address, hash or CID: enough to tell two apart; the whole is in the title and the copy. */
export const shorten = (text: string): string =>
  text.length <= 14 ? text : `${text.slice(0, 6)}…${text.slice(-4)}`
