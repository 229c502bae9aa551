import { connectDaemon } from '@subagent-mcp/client'
import { execa } from 'execa'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openSocketHost, type SocketHost } from './socket-host.js'

/** A daemon with simulated agents, in a process and a folder of its own. */
export type Simulation = {
  host: SocketHost
  /** Launches an agent for each prompt, and returns their ids. */
  launch(prompts: readonly string[]): Promise<string[]>
  send(agentId: string, text: string): Promise<void>
  /** Resolves when none of these agents has anything to do. */
  settled(agentIds: readonly string[]): Promise<void>
  /** All turns that run stream so many events a second, together. */
  stream(eventsPerSecond: number): void
  /** The model's last words to a turn that is held. */
  end(turn: string, answer: string): void
  /** `collect` takes out the garbage first. */
  state(command?: 'collect'): Promise<DaemonState>
  /** Ends it; nothing of it is left when it resolves. */
  close(): Promise<void>
}

/** What the daemon says of itself: times are milliseconds. */
export type DaemonState = z.infer<typeof DaemonState>
const DaemonState = z.object({
  at: z.number(),
  /** What sessions have streamed so far; the characters are those of whole messages. */
  events: z.number(),
  characters: z.number(),
  cpu: z.number(),
  /** Memory in MB: of the process, and of what its heap holds, garbage included. */
  resident: z.number(),
  live: z.number(),
  /** In the journal. */
  rows: z.number(),
  journalBytes: z.number(),
})

/** For whom a figure is not enough: the folder that BENCH_PROFILE names gets the daemon's CPU profile. */
const { BENCH_PROFILE: profile } = process.env
const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
const script = fileURLToPath(new URL('./simulated-daemon.js', import.meta.url))

/** Starts one. */
export async function startSimulation(): Promise<Simulation> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simulation-')))
  const daemon = execa(process.execPath, ['--expose-gc', ...profiling, script, folder], {
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
