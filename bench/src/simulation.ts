import { connectDaemon, type DaemonClient } from '@subagent-mcp/daemon'
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
  client: DaemonClient
  /** Launches an agent for each prompt, and returns their ids. */
  launch(prompts: readonly string[]): Promise<string[]>
  /** All turns that are held stream so many events a second, together. */
  stream(eventsPerSecond: number): void
  /** The model's last words to a turn that is held. */
  end(turn: string, answer: string): void
  state(): Promise<DaemonState>
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
  /** Resident. */
  megabytes: z.number(),
  /** In the journal. */
  rows: z.number(),
  journalBytes: z.number(),
})

const script = fileURLToPath(new URL('simulated-daemon.js', import.meta.url))

/** Starts one; `nodeOptions` are for a profiler. */
export async function startSimulation(nodeOptions: readonly string[] = []): Promise<Simulation> {
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
  const order = { category: 'mechanical', provider: 'simulated', model: 'one', cwd: folder, environment: {} }
  const tell = (line: string): void => void daemon.stdin.write(`${line}\n`)
  return {
    host,
    client,
    launch: async (prompts) => {
      const agentIds: string[] = []
      for (const prompt of prompts) agentIds.push((await client.launch({ ...order, prompt })).agent.id)
      return agentIds
    },
    stream: (eventsPerSecond) => {
      tell(`stream ${eventsPerSecond}`)
    },
    end: (turn, answer) => {
      tell(`end ${turn} ${answer}`)
    },
    state: () => {
      tell('state')
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
