import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { daemonEnvironment } from '@subagent-mcp/daemon'
import { ownScript } from '../own-script.js'

/** Waits for the end of the daemon on stdin, and starts the next one unless the daemon has said that it ends. */
const waiting = `
began=$(date +%s)
while read -r word; do [ "$word" = close ] && exit 0; done
# A daemon that dies as soon as it has started is not started again and again without a pause.
[ $(( $(date +%s) - began )) -lt 5 ] && sleep 5
exec "$@" </dev/null
`

/** The same for systems without a shell of POSIX. */
const waitingInNode = `
let text = ''
const began = Date.now()
process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
  if (text.includes('close')) return
  setTimeout(() => {
    const [command, ...args] = process.argv.slice(1)
    require('node:child_process').spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true }).unref()
  }, Date.now() - began < 5000 ? 5000 : 0)
})
`

/**
 * Returns a function that keeps a process ready which starts the next daemon when this one is killed, as long as there are workers that
 * the next daemon must start. The process waits for the end of its stdin, which the system closes with this process.
 */
export function keepSuccessor(place: {
  environment: NodeJS.ProcessEnv
  log: string
}): (isUp: boolean) => void {
  let successor: ChildProcess | undefined
  let isWanted = false
  const start = (): void => {
    const started = spawnWaiting(place)
    successor = started
    started.once('exit', () => {
      if (successor !== started) return
      successor = undefined
      // It was killed.
      if (isWanted) start()
    })
    // It could not be started: the next change tries again.
    started.once('error', () => (successor = undefined))
  }
  return (isUp) => {
    isWanted = isUp
    if (isUp && !successor) start()
    if (isUp || !successor) return
    successor.stdin?.end('close\n')
    successor = undefined
  }
}

function spawnWaiting({ environment, log }: { environment: NodeJS.ProcessEnv; log: string }): ChildProcess {
  const daemon = [process.execPath, ownScript, 'daemon', 'run']
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, ['-e', waitingInNode, '--', ...daemon]]
      : ['/bin/sh', ['-c', waiting, 'subagent-mcp-successor', ...daemon]]
  const output = openSync(log, 'a', 0o600)
  const started = spawn(command, args, {
    cwd: '/',
    env: daemonEnvironment(environment),
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', output],
  })
  closeSync(output)
  started.stdin?.on('error', () => undefined)
  started.unref()
  return started
}
