import { connectDaemon } from '@subagent-mcp/client'
import { daemonNodeOptions } from '@subagent-mcp/daemon'
import { execa } from 'execa'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openSocketHost, type SocketHost } from './socket-host.js'

/** A daemon with simulated agents, in its own process and folder. */
export type SimulatedDaemon = {
  socketPath: string
  host: SocketHost
  /** Launches an agent for each prompt. Returns their ids. */
  launch(prompts: readonly string[]): Promise<string[]>
  send(agentId: string, text: string): Promise<void>
  /** Resolves when none of these agents has a running turn or a waiting message. */
  settled(agentIds: readonly string[]): Promise<void>
  /** Sets how many events a second all running turns stream together. */
  stream(eventsPerSecond: number): void
  /** Ends a held turn with an answer. */
  end(turn: string, answer: string): void
  /** Returns the state of the daemon, with `collect` after a garbage collection. */
  state(command?: 'collect'): Promise<DaemonState>
  /** Stops the daemon. Resolves when its process and folder are gone. */
  close(): Promise<void>
}

/** The state of the daemon, as it reports it. Times are milliseconds. */
export type DaemonState = z.infer<typeof DaemonState>
const DaemonState = z.object({
  at: z.number(),
  /** Events streamed so far, and characters of whole messages in them. */
  events: z.number(),
  characters: z.number(),
  cpu: z.number(),
  /** Memory in MB: resident memory of the process, and the heap in use with its garbage. */
  resident: z.number(),
  live: z.number(),
  /** Rows and bytes of the journal. */
  rows: z.number(),
  journalBytes: z.number(),
})

/** With the variable BENCH_PROFILE, the daemon writes a CPU profile into the folder that it names. */
const { BENCH_PROFILE: profile } = process.env
const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
const nodeOptions = [...daemonNodeOptions, '--expose-gc', ...profiling]
const script = fileURLToPath(new URL('./simulated-daemon.js', import.meta.url))

/** Starts a daemon with simulated agents. */
export async function startSimulatedDaemon(): Promise<SimulatedDaemon> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simulation-')))
  const daemon = execa(process.execPath, [...nodeOptions, script, folder], {
    buffer: false,
    stderr: 'inherit',
  })
  const lines = createInterface({ input: daemon.stdout })[Symbol.asyncIterator]()
  const nextState = async (): Promise<DaemonState> =>
    DaemonState.parse(JSON.parse(String((await lines.next()).value)))
  await nextState()
  const socketPath = join(folder, 'daemon.sock')
  const host = await openSocketHost({ socketPath, cwd: folder })
  const client = connectDaemon({ socketPath })
  const place = { cwd: folder, environment: {} }
  const pin = { category: 'mechanical', provider: 'simulated', model: 'one' }
  const tell = (line: string): void => void daemon.stdin.write(`${line}\n`)
  return {
    socketPath,
    host,
    launch: async (prompts) => {
      const agentIds: string[] = []
      for (const prompt of prompts)
        agentIds.push((await client.launch({ ...pin, ...place, prompt })).agent.id)
      return agentIds
    },
    send: async (agentId, text) => {
      await client.send(agentId, { text, ...place })
    },
    settled: async (agentIds) => {
      await client.wait({ agentIds: [...agentIds], until: 'all', timeoutSeconds: 60 })
    },
    stream: (eventsPerSecond) => {
      tell(`stream ${eventsPerSecond}`)
    },
    end: (turn, answer) => {
      tell(`end ${turn} ${answer}`)
    },
    state: (command: string = 'state') => {
      tell(command)
      return nextState()
    },
    close: async () => {
      host.close()
      daemon.stdin.end()
      await daemon
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
