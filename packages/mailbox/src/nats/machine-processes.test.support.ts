import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'
import { atEnd } from './endings.test.support.js'

export type MachineProcess = {
  lines: string[]
  /** Waits until a line begins so. */
  until(begin: string): Promise<void>
  kill(): Promise<void>
}

/**
 * A process of node's own with the built package, that keeps its copy in a folder. `script` has `open` for the log alone, which
 * prints how many lines it has applied, and `openMailbox` for all of it; `limit` is what a file may grow to, in kilobytes.
 */
export function startMachineProcess(
  place: { url: string; folder: string; limit?: number },
  script: string,
): MachineProcess {
  const { limit, ...where } = place
  const command = [process.execPath, '--input-type=module', '-e', `${prelude(where)}\n${script}`]
  const limited = ['sh', '-c', `ulimit -f ${2 * (limit ?? 0)}; exec "$@"`, 'sh', ...command]
  const [program = '', ...args] = limit === undefined ? command : limited
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const kill = (): Promise<void> => killed(child)
  atEnd(kill)
  return {
    lines,
    kill,
    until: async (begin) => {
      const isThere = (): boolean => lines.some((line) => line.startsWith(begin))
      await vi.waitUntil(isThere, { timeout: 30_000, interval: 2 })
    },
  }
}

function prelude(place: { url: string; folder: string }): string {
  const built = (path: string): string => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href)
  return `
    import { writeSync } from 'node:fs'
    import { openConnection } from ${built('nats/connection.js')}
    import { openMailLog } from ${built('nats/mail-log.js')}
    import { openNatsMailbox } from ${built('nats/open-nats-mailbox.js')}
    import { namesOf } from ${built('nats/names.js')}
    import { readServers } from ${built('nats/servers.js')}
    const { url, folder } = ${JSON.stringify(place)}
    const print = (line) => writeSync(1, line + '\\n')
    const clock = { now: Date.now, after: (milliseconds, callback) => { const timer = setTimeout(callback, milliseconds); return () => clearTimeout(timer) } }
    const told = { log: (line) => print('log ' + line) }
    const stream = { names: namesOf('test'), keepMs: 1e10, replicas: undefined }
    const open = async () => {
      const servers = readServers(url)
      const connection = await openConnection({ servers, name: 'test', clock })
      let applied = 0
      const onApplied = () => { applied += 1; if (applied % 50 === 0) print('applied ' + applied) }
      return await openMailLog({ connection, servers, stream, clock, deadlineMs: 10000, folder, ...told, onApplied, onReplaced: () => {} })
    }
    const openMailbox = (order) => openNatsMailbox({ url, namespace: 'test', clock, folder, isAlive: () => true, ...told, ...order })
  `
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
