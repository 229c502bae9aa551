/**
 * The watchdog on Windows, run by `node -e`: the same lines on its input, and `taskkill` at their end. A pid is
 * enough there, as Windows keeps it until the last handle is closed. Not tried on a real Windows yet.
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
