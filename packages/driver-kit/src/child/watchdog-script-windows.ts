/**
 * The watchdog on Windows, run by `node -e`. Reads the same lines, and runs `taskkill` at their end. Needs no start times,
 * because Windows does not reuse a pid while a handle is open. Not tried on a real Windows.
 */
export const windowsWatchdogScript = `
const { spawnSync } = require('node:child_process')
const watched = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']) process.on(signal, () => {})
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, pid] = line.split(' ')
  if (verb === 'watch') watched.add(pid)
  if (verb === 'unwatch') watched.delete(pid)
}).on('close', () => {
  for (const pid of watched) spawnSync('taskkill', ['/T', '/F', '/PID', pid], { windowsHide: true })
})
`
