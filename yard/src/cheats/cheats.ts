/** Names that `--cheat` takes; cheats/cli.ts runs them. */
export const cheatNames = ['skip-steps'] as const
