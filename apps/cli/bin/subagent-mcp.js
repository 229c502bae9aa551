#!/usr/bin/env node
// What hosts run and wait for is decided before anything slow is loaded: the pipe into the daemon, and the hooks.
// CommonJS, see rolldown.config.ts.
const words = process.argv.slice(2)
const [first] = words
const isServe = words.length === 0 ? !process.stdin.isTTY : words.length === 1 && first === 'serve'
// Whatever comes after it: a hook that fails is one that forbids.
const isHook = first === 'hook'
/* eslint-disable @typescript-eslint/no-require-imports -- an import would load the ES module loader */
if (isServe) require('../dist/shim.cjs')
else if (isHook) require('../dist/hook.cjs')
else import('../dist/main.js')
