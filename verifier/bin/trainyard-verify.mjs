#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runPinned } from '../../scripts/runPinned.mjs'

const CANNOT_DECIDE = 2
runPinned(fileURLToPath(new URL('../src/cli.ts', import.meta.url)), process.argv.slice(2), CANNOT_DECIDE)
