import { InvalidArgumentError, Option } from 'commander'
import type { Replayer } from './image/runImage.ts'

/** `--replayer`: for jobs that name an image. */
export function replayerOption(): Option {
  const what = "command that runs the job's image, its words separated by spaces"
  return new Option('--replayer <command>', what).argParser(wordsOf)
}

function wordsOf(command: string): Replayer {
  const [program, ...args] = command.split(' ').filter((word) => word !== '')
  if (program === undefined) throw new InvalidArgumentError('must name a program')
  return [program, ...args]
}
