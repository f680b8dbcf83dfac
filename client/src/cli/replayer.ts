import { join } from 'node:path'

/** Replays jobs that name an image, where Docker and the image are; elsewhere such a bundle stays undecided. */
export const REPLAYER = [
  process.execPath,
  join(import.meta.dirname, '../images/torch/cli.ts'),
  'replay',
] as const
