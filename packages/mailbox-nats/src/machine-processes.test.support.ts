import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'
import { runAtEnd } from './run-at-end.test.support.js'

export type MachineProcess = {
  /** The lines that the process has printed. */
  lines: string[]
  kill(): Promise<void>
}

/** Starts a process of its own with the built package, whose worker replies to each message of an agent. */
export function startMachineProcess(place: { url: string; name: string; agent: string }): MachineProcess {
  const args = ['--input-type=module', '-e', script(place)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const kill = (): Promise<void> => killed(child)
  runAtEnd(kill)
  return { lines, kill }
}

/** Waits until the processes have printed a number of lines together. */
export async function untilPrinted(processes: readonly MachineProcess[], count: number): Promise<void> {
  const isThere = (): boolean => processes.reduce((sum, { lines }) => sum + lines.length, 0) >= count
  await vi.waitUntil(isThere, { timeout: 60_000, interval: 2 })
}

function script(place: { url: string; name: string; agent: string }): string {
  const built = JSON.stringify(new URL('../dist/index.js', import.meta.url).href)
  return `
    import { openNatsMailbox } from ${built}
    import { writeSync } from 'node:fs'
    const { url, name, agent } = ${JSON.stringify(place)}
    const mailbox = await openNatsMailbox({ url, keeper: name, isAlive: () => true })
    const handler = { instance: name, kind: 'worker', pid: process.pid, startTime: name, host: name }
    await mailbox.register({ name: agent, project: 'p', capabilities: [], topics: [], wakes: 'high', handler })
    const from = { name: agent, host: name, through: 'agent' }
    const options = { agent, instance: name, leaseMs: 1500, waitMs: 60000, limit: 2 }
    for (;;) {
      const batch = await mailbox.next(options, new AbortController().signal)
      for (const { id, body } of batch?.messages ?? []) {
        await mailbox.reply({ from, message: id, body: 're: ' + body })
        writeSync(1, body + '\\n')
      }
      if (batch) await mailbox.acknowledge(batch.take)
    }
  `
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
