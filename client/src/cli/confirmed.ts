import { ClientError } from '../errors.ts'
import type { Rim } from './rim.ts'

/**
 * Returns if the person at the terminal says yes, or --yes did before. Throws ClientError if not, or if
 * nobody is there to be asked.
 */
export async function confirmed(
  rim: Rim,
  options: { yes?: true; json?: true },
  question: string,
): Promise<void> {
  if (options.yes) return
  if (!rim.isInteractive || options.json) {
    throw new ClientError(`${question} Nobody is here to say so.`, 'Give --yes. Nothing was done.')
  }
  const { confirm } = await import('@clack/prompts')
  if ((await confirm({ message: question, initialValue: false })) === true) return
  throw new ClientError('You said no.', 'Nothing was done, no money moved.')
}
