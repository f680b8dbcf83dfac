import type { WatchConfig } from './config.ts'

export async function watch(
  _config: WatchConfig,
  _options: { json: boolean; parentPipe: boolean },
): Promise<void> {
  throw new Error('watch: under construction')
}
