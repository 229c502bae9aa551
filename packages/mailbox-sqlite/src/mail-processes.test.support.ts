import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, vi } from 'vitest'

/** Processes of node's own with `mailbox` of the built package, on a file of the test's own; what they print is gathered. */
export function useMailProcesses() {
  let folder: string
  const started: ChildProcess[] = []
  const path = (): string => join(folder, 'journal.db')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map(ended))
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    path,
    start: (script: string) => {
      const source = `${prelude(path())}\n${script}`
      const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      started.push(child)
      const closed = once(child, 'close')
      const lines: string[] = []
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
      return {
        pid: child.pid,
        lines,
        /** Waits until the process has printed so many lines. */
        until: (count: number) => vi.waitUntil(() => lines.length >= count, { timeout: 15_000, interval: 2 }),
        tell: (line: string) => child.stdin.write(`${line}\n`),
        kill: () => ended(child),
        /** Waits until the process has ended by itself, and its output is complete. */
        finish: async () => {
          await closed
        },
      }
    },
  }
}

/** The beginning of a process's script. `told` waits for the next line of stdin; a timer keeps the process running until its end. */
function prelude(path: string): string {
  return `
    import { writeSync } from 'node:fs'
    import { createInterface } from 'node:readline'
    import { openSqliteMailbox } from ${JSON.stringify(new URL('../dist/sqlite-mailbox.js', import.meta.url).href)}
    const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    const told = async () => { await input.next(); process.stdin.unref() }
    const stay = setInterval(() => {}, 1000)
    const clock = { now: Date.now, after: (milliseconds, callback) => { const timer = setTimeout(callback, milliseconds); return () => clearTimeout(timer) } }
    const opened = openSqliteMailbox({ path: ${JSON.stringify(path)}, clock, isAlive: () => true, rules: { maxTries: 1000 } })
    const mailbox = { ...opened, close: async () => { clearInterval(stay); await opened.close() } }
    const { signal } = new AbortController()
    const sender = (name) => ({ name, host: 'h', through: 'agent' })
    const registration = (name, instance) => ({ name, project: 'p', capabilities: [], topics: [], wakes: 'high', handler: { instance, kind: 'worker', pid: process.pid, startTime: '1', host: 'h' } })
    const print = (line) => writeSync(1, line + '\\n')
    const turn = () => new Promise(setImmediate)
  `
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
