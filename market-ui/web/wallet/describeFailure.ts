/** What went wrong with something that would have moved money: in words, with what happened to the money. */
export type Failure = {
  readonly title: string
  readonly text: string
  readonly money: string
  readonly next: string
  readonly txHash?: string | undefined
  /** Nothing is broken: the user said no. */
  readonly isChoice?: boolean
}

const NO_MONEY = 'No money moved.'
const UNKNOWN_MONEY = 'Whether money moved is not known yet.'

type Thrown = {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly shortMessage?: unknown
  readonly suggestion?: unknown
  readonly moneyMoved?: unknown
  readonly txHash?: unknown
  readonly title?: unknown
  readonly cause?: unknown
  readonly error?: unknown
  readonly info?: { readonly error?: unknown }
}

/** An error and what it wraps, outermost first: libraries wrap what wallets say in several ways. */
const chainOf = (error: unknown): Thrown[] => {
  const found: Thrown[] = []
  let next: unknown = error
  while (typeof next === 'object' && next !== null && found.length < 8) {
    const thrown = next as Thrown
    found.push(thrown)
    next = thrown.cause ?? thrown.info?.error ?? thrown.error
  }
  return found
}

/** The wallet's own error code (EIP-1193, EIP-1474), wherever it is wrapped. */
export const codeOf = (error: unknown): number | undefined =>
  chainOf(error)
    .map(({ code }) => code)
    .find((code) => typeof code === 'number')

const byCode: Readonly<Record<number, Failure>> = {
  4001: {
    title: 'You said no in the wallet',
    text: 'The wallet was asked and the request was rejected.',
    money: NO_MONEY,
    next: 'Nothing was sent; try again whenever you like.',
    isChoice: true,
  },
  4100: {
    title: 'The wallet is locked',
    text: 'It does not let this page use the account.',
    money: NO_MONEY,
    next: 'Unlock the wallet, connect again, and try again.',
  },
  4200: {
    title: 'This account cannot sign that',
    text: 'A Substrate account signs transactions. What is asked for is a signature that contracts check, which takes an Ethereum key.',
    money: NO_MONEY,
    next: 'Use the command line with a keystore, or an account with an Ethereum key.',
  },
  4900: {
    title: 'The wallet is offline',
    text: 'It has no connection to any network.',
    money: NO_MONEY,
    next: "Check the wallet's network, then try again.",
  },
  4901: {
    title: 'The wallet is on another network',
    text: "It is not connected to the market's chain.",
    money: NO_MONEY,
    next: 'Switch the network, then try again.',
  },
  [-32_002]: {
    title: 'The wallet is still waiting for you',
    text: 'An earlier request is open in it.',
    money: NO_MONEY,
    next: 'Open the wallet and answer that request first.',
  },
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Puts any error into words. */
export const describeFailure = (error: unknown): Failure => {
  const thrown = chainOf(error)
  if (thrown.some(({ code }) => code === 'ACTION_REJECTED')) return byCode[4001]!
  const code = codeOf(error)
  const known = code === undefined ? undefined : byCode[code]
  if (known) return known
  const first = thrown[0]
  const isUnknown = first?.moneyMoved === 'unknown'
  return {
    title: text(first?.title) ?? titles[String(first?.name)] ?? 'It did not work',
    text: text(first?.shortMessage) ?? firstSentence(text(first?.message)) ?? 'The wallet did not say why.',
    money: isUnknown ? UNKNOWN_MONEY : NO_MONEY,
    next: text(first?.suggestion) ?? 'Try again.',
    txHash: text(first?.txHash),
  }
}

const titles: Readonly<Record<string, string>> = {
  ChainError: 'The contract refused',
  ChainUnreachable: 'The chain did not answer',
  WrongChain: 'This is another chain',
  PermitUnsupported: 'The token cannot be paid with a signature',
  StoreUnavailable: 'The store took no data',
}

/** Our own errors say the money and the advice in their message too; the page says them in their places. */
const firstSentence = (message: string | undefined): string | undefined =>
  message?.split(/(?<=[.!?]) (?=No money moved|Whether money moved)/)[0]
