import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { groupStarter, stubbornScript, until, scriptWithChild } from '../children.test.support.js'
import { readProcStat, isProcessRunning } from '../processes/process-table.js'
import { readProcessStartTime } from '../processes/start-time.js'
import { posixWatchdogScript } from './watchdog-scripts.js'

const startGroup = groupStarter()
const sleeper = ['sleep', '1000']

/** The POSIX shells of this machine, each once, because `sh` is one of the others. */
const shells = Object.values(
  Object.fromEntries([['sh'], ['dash'], ['bash'], ['busybox', 'sh']].map((words) => [fileOf(words), words])),
).filter((words) => fileOf(words) !== '')

describe.each(shells.map((words) => ({ name: words.join(' '), words })))(
  'in $name, the watchdog',
  ({ words }) => {
    const [shell = '', ...rest] = words
    const start = () =>
      spawn(shell, [...rest, '-c', posixWatchdogScript, 'watchdog', 'n0nce'], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
    const run = async (input: string) => {
      const watchdog = start()
      watchdog.stdin.end(input)
      await once(watchdog, 'exit')
    }
    const watch = (pid: number) => `watch ${pid} ${readProcessStartTime(pid)}\n`

    it('ends a watched group', async () => {
      const { pid, lines } = startGroup.telling([
        process.execPath,
        '-e',
        scriptWithChild(stubbornScript, { detached: false }) + stubbornScript,
      ])
      await until(() => lines.length === 3)
      await run(watch(pid))
      const below = Number(lines.find((line) => line !== 'up'))
      await until(() => ![pid, below].some(isProcessRunning))
    })

    it('spares a process that has the pid but not the start time', async () => {
      const pid = startGroup(sleeper)
      await run(`watch ${pid} 1\n` + `watch ${pid}\n`)
      expect(isProcessRunning(pid)).toBe(true)
    })

    it('spares what is unwatched, wherever it stands in the list', async () => {
      const pids = [1, 2, 3, 4].map(() => startGroup(sleeper))
      const [first = 0, second = 0, third = 0, last = 0] = pids
      await run(pids.map(watch).join('') + [first, third, last].map((pid) => `unwatch ${pid}\n`).join(''))
      await until(() => !isProcessRunning(second))
      expect(pids.map(isProcessRunning)).toEqual([true, false, true, true])
    })

    it('spares all when it is sent home', async () => {
      const pid = startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'n0nce.1' })
      await run(`${watch(pid)}close\n`)
      expect(isProcessRunning(pid)).toBe(true)
    })

    it('ends whatever carries the nonce, and nothing that carries another', async () => {
      const ours = startGroup(sleeper, { BEFORE: 'two\nlines', SUBAGENT_MCP_NONCE: 'n0nce.1' })
      const others = ['n0nce', 'n0ncen0nce.1', 'other.1'].map((mark) =>
        startGroup(sleeper, { SUBAGENT_MCP_NONCE: mark }),
      )
      await run('')
      await until(() => !isProcessRunning(ours))
      expect(others.map(isProcessRunning)).toEqual([true, true, true])
    })

    it.skipIf(process.platform !== 'linux')('is not confused by the name of a process', async () => {
      const { pid, lines } = startGroup.telling([
        process.execPath,
        '-e',
        `process.title = 'a) S\\n1 (b'; ${stubbornScript}`,
      ])
      await until(() => lines.length === 1)
      expect(readProcStat(pid)?.groupId).toBe(pid)
      await run(watch(pid))
      await until(() => !isProcessRunning(pid))
    })

    it('passes by one that is gone, and a line that was cut off', async () => {
      const [pid, other] = [startGroup(sleeper), startGroup(sleeper)]
      await run(`watch 1073741824 1\n${watch(pid)}${watch(other)}unwatch ${pid}`)
      await until(() => ![pid, other].some(isProcessRunning))
    })

    it('reads thousands of lines', async () => {
      const pid = startGroup(sleeper)
      const absent = Array.from({ length: 5_000 }, (_, index) => 2 ** 29 + index)
      await run(watch(pid) + absent.map((other) => `watch ${other} 1\nunwatch ${other}\n`).join(''))
      await until(() => !isProcessRunning(pid))
    })

    it.skipIf(process.platform !== 'linux')('stays when it is asked to end', async () => {
      const pid = startGroup(sleeper)
      const watchdog = start()
      await until(() => ignoresSignals(watchdog.pid))
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) watchdog.kill(signal)
      watchdog.stdin.end(watch(pid))
      expect(await once(watchdog, 'exit')).toEqual([0, null])
      await until(() => !isProcessRunning(pid))
    })
  },
)

/** Whether a shell ignores signals, which means that its `trap` has run, the last part of its start. */
function ignoresSignals(pid: number | undefined): boolean {
  const [, ignored = '0'] =
    /^SigIgn:\s*(\w+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? []
  return (Number.parseInt(ignored, 16) & 0x4000) !== 0
}

function fileOf([shell = '']: readonly string[]): string {
  return execFileSync('/bin/sh', ['-c', `readlink -f "$(command -v ${shell})" || true`], {
    encoding: 'utf8',
  }).trim()
}
