import { join, resolve } from 'node:path'
import { parseUnits } from 'ethers'
import { ClientError } from '../../errors.ts'
import type { InitOptions } from '../verbs/init.ts'
import { type InitAnswers, pickAnswers, usualAnswers } from './answers.ts'
import type { PresentSettings } from './presentSettings.ts'
import { tokenUnits } from './tokenUnits.ts'

/**
 * What to offer to a person, or to take with --yes: an option, else what stands there now, else the usual.
 * Amounts in tokens need the chain, to know what a token is. Throws ClientError if it does not say.
 */
export async function offeredAnswers(
  options: InitOptions,
  present: PresentSettings | undefined,
  dir: string,
): Promise<InitAnswers> {
  const { priceWei: pricePerHourWei, keystore, passwordFile, deployment, ...others } = options
  const given = {
    ...others,
    pricePerHourWei,
    keystore: keystore && resolve(keystore),
    passwordFile: passwordFile && resolve(passwordFile),
    deployment: deployment && resolve(deployment),
  }
  const known: InitAnswers = {
    ...usualAnswers,
    keystore: join(dir, 'keystore.json'),
    passwordFile: join(dir, 'password'),
    ...pickAnswers(present?.values ?? {}),
    ...pickAnswers(given),
  }
  return options.price === undefined && options.bond === undefined ? known : withTokens(options, known)
}

async function withTokens({ price, bond }: InitOptions, known: InitAnswers): Promise<InitAnswers> {
  const units = await tokenUnits(known.rpc, known.deployment)
  if (!units) {
    throw new ClientError(
      'The chain does not say what a token is, so amounts of it cannot be taken.',
      'Start the node, or give --price-wei and --bond-wei.',
    )
  }
  return {
    ...known,
    ...(price === undefined ? {} : { pricePerHourWei: weiOf(price, units.decimals) }),
    ...(bond === undefined ? {} : { bondWei: weiOf(bond, units.decimals) }),
  }
}

function weiOf(tokens: string, decimals: number): string {
  try {
    return String(parseUnits(tokens, decimals))
  } catch {
    throw new ClientError(`"${tokens}" is no amount.`, 'Give one such as 36.5.')
  }
}
