#!/usr/bin/env node
// What hosts run is decided before anything slow is loaded: it is a pipe into the daemon. CommonJS, see
// rolldown.config.ts.
const words = process.argv.slice(2)
const isServe = words.length === 0 ? !process.stdin.isTTY : words.length === 1 && words[0] === 'serve'
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load the ES module loader
if (isServe) require('../dist/shim.cjs')
else import('../dist/main.js')
