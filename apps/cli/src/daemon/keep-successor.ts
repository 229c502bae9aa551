import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createDaemonEnvironment, restartCountVariable, type DaemonLog } from '@subagent-mcp/daemon'
import { daemonArgs } from './spawn-daemon.js'

/**
 * Waits for the end of the daemon on stdin, and starts the next one unless the daemon has said that it ends. Its arguments are the number
 * of restarts, the second of the first of them, and the command. Each of ten restarts within ten minutes comes after a longer pause; then
 * it gives up, because a daemon that dies so often would die again.
 */
const waiting = `
count=$1 since=$2
shift 2
while read -r word; do [ "$word" = close ] && exit 0; done
now=$(date +%s)
[ $((now - since)) -ge 600 ] && count=0 since=$now
if [ "$count" -ge 10 ]; then
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) the daemon has died $count times within ten minutes and is not started again" >&2
  exit 1
fi
pause=$((1 << count))
[ $pause -gt 60 ] && pause=60
sleep $pause
${restartCountVariable}="$((count + 1)) $since"
export ${restartCountVariable}
exec "$@" </dev/null
`

/** The same for systems without a shell of POSIX. */
const waitingInNode = `
let text = ''
let [count, since] = process.argv.slice(1, 3).map(Number)
process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
  if (text.includes('close')) return
  const now = Math.floor(Date.now() / 1000)
  if (now - since >= 600) [count, since] = [0, now]
  if (count >= 10) return console.error('the daemon has died ' + count + ' times within ten minutes and is not started again')
  setTimeout(() => {
    const [command, ...args] = process.argv.slice(3)
    const env = { ...process.env, ${restartCountVariable}: count + 1 + ' ' + since }
    const options = { detached: true, stdio: 'ignore', windowsHide: true, env }
    require('node:child_process').spawn(command, args, options).unref()
  }, Math.min(2 ** count, 60) * 1000)
})
`

/** Milliseconds until a process is started again that could not be started, or that has ended as soon as this. */
const retryMs = 5_000

type Place = { environment: NodeJS.ProcessEnv; logPath: string; log: DaemonLog }

/**
 * Returns a function that keeps a process ready which starts the next daemon when this one is killed, as long as there are workers that
 * the next daemon must start. The process waits for the end of its stdin, which the system closes with this process. The function never
 * throws: a process that cannot be started is tried again later.
 */
export function keepDaemonSuccessorReady(place: Place): (isUp: boolean) => void {
  let successor: ChildProcess | undefined
  let retry: NodeJS.Timeout | undefined
  let isWanted = false
  const startLater = (): void => {
    clearTimeout(retry)
    retry = setTimeout(() => {
      if (isWanted && !successor) start()
    }, retryMs).unref()
  }
  const start = (): void => {
    const began = Date.now()
    try {
      const started = spawnDaemonSuccessor(place)
      successor = started
      const onEnd = (): void => {
        if (successor !== started) return
        successor = undefined
        if (!isWanted) return
        if (Date.now() - began < retryMs) startLater()
        else start()
      }
      started.once('exit', onEnd)
      started.once('error', onEnd)
    } catch (error) {
      place.log(
        `the process that starts the next daemon cannot be started, and is tried again: ${String(error)}`,
      )
      startLater()
    }
  }
  return (isUp) => {
    isWanted = isUp
    if (isUp && !successor) start()
    if (isUp || !successor) return
    successor.stdin?.end('close\n')
    successor = undefined
  }
}

/** Starts the process that waits for the end of its stdin to start the next daemon. @throws errors of the system */
export function spawnDaemonSuccessor({ environment, logPath, log }: Place): ChildProcess {
  const daemon = [...restartsIn(environment), process.execPath, ...daemonArgs]
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, ['-e', waitingInNode, '--', ...daemon]]
      : ['/bin/sh', ['-c', waiting, 'subagent-mcp-successor', ...daemon]]
  const output = openLog(logPath, log)
  try {
    const started = spawn(command, args, {
      cwd: '/',
      env: createDaemonEnvironment(environment),
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', output ?? 'ignore'],
    })
    started.stdin?.on('error', () => undefined)
    started.unref()
    return started
  } finally {
    if (output !== undefined) closeSync(output)
  }
}

/** Opens the daemon's log for messages of the next daemon, which is also started without a log. */
function openLog(path: string, log: DaemonLog): number | undefined {
  try {
    return openSync(path, 'a', 0o600)
  } catch (error) {
    log(`the log cannot be opened for the next daemon: ${String(error)}`)
    return undefined
  }
}

/** Returns how often this daemon was restarted after it was killed, and the second of the first restart. */
function restartsIn(environment: NodeJS.ProcessEnv): readonly string[] {
  const [, count = '0', since = '0'] =
    /^(\d{1,3}) (\d{1,12})$/.exec(environment[restartCountVariable] ?? '') ?? []
  return [count, since]
}
