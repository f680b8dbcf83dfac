import { InvalidArgumentError } from 'commander'

const isUrl = (text: string, protocols: RegExp) =>
  URL.canParse(text) && protocols.test(new URL(text).protocol)

/** A node's address as somebody typed it. Throws InvalidArgumentError, which commander shows with the option's name. */
export function nodeUrl(text: string): string {
  if (isUrl(text, /^(http|ws)s?:$/)) return text
  throw new InvalidArgumentError('must be an address such as http://127.0.0.1:8545')
}

/** As nodeUrl, of a store, a daemon or a relay. */
export function webUrl(text: string): string {
  if (isUrl(text, /^https?:$/)) return text
  throw new InvalidArgumentError('must be an address such as http://127.0.0.1:4270')
}

/** As webUrl, for options that take several. */
export function webUrls(text: string, former: string[] | undefined): string[] {
  return [...(former ?? []), webUrl(text)]
}
