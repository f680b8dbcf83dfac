import { join } from 'node:path'
import envPaths from 'env-paths'

const paths = envPaths('trainyard', { suffix: '' })

/** Where configuration and account are unless said otherwise (XDG_CONFIG_HOME, or the system's own place). */
export const configDir = paths.config
/** Where journal and orders are (XDG_DATA_HOME) for a configuration in the usual place. */
export const usualDataDir = paths.data
export const usualConfigFile = join(configDir, 'config.toml')
