#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runPinned } from '../../scripts/runPinned.mjs'

runPinned(fileURLToPath(new URL('../src/cli.ts', import.meta.url)), process.argv.slice(2), 1)
