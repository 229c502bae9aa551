#!/usr/bin/env node
// Hosts run this script and wait for it. It chooses the shim, the hook or the help before anything slow is loaded.
// It is CommonJS for a fast start, see rolldown.config.ts.
const words = process.argv.slice(2)
const [first] = words
const isServe =
  words.length === 0
    ? !process.stdin.isTTY
    : first === 'serve' && (words.length === 1 || words[1] === '--plugin')
// A hook is answered whatever its arguments are, because hosts take a failed hook for a refusal.
const isHook = first === 'hook'
const isWatcher = isHook && words[2] === 'wake'
const isStatusLine = isHook && words[2] === 'status'
const end = words.indexOf('--')
const flags = words.slice(0, end < 0 ? words.length : end)
const isHelp =
  ['help', 'completions', '--version', '-v', undefined].includes(first) ||
  flags.includes('--help') ||
  flags.includes('-h')
/* eslint-disable @typescript-eslint/no-require-imports -- an import would load the ES module loader */
if (isServe) require('../dist/shim.cjs')
else if (isWatcher) require('../dist/wake.cjs')
else if (isStatusLine) require('../dist/status-line.cjs')
else if (isHook) require('../dist/hook.cjs')
else if (isHelp) require('../dist/help.cjs')
else require('../dist/main.cjs')
