import { Option } from 'commander'
import { webUrls } from '../urlOption.ts'

/** `--relay`: for chains that drand draws on. */
export function relayOption(): Option {
  const what =
    "where drand's rounds are asked for, in turn (else as the deployment says, else evmnet's public relays)"
  return new Option('--relay <url...>', what).argParser(webUrls)
}
