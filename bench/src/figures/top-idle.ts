import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { execa } from 'execa'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Figure, RunLength } from '../figure.js'
import { processesBelow } from '../process-tree.js'
import { startSimulatedDaemon, type SimulatedDaemon } from '../simulation.js'

const agents = 500
const minutes: Record<RunLength, number> = { short: 0.5, full: 2, soak: 2 }
/** A pause after the first frames, because Node still works for a while, as on garbage collection. */
const settleMs = 20_000

/** Processor time of `subagent-mcp top` and of its daemon with 500 agents: all at rest, then all in turns that write nothing. */
export async function topIdleCost(length: RunLength): Promise<Figure[]> {
  const simulation = await startSimulatedDaemon()
  const ids = await simulation.launch(Array.from({ length: agents }, () => 'hello'))
  await simulation.settled(ids)
  const atRest = await measureTop(simulation, length)
  for (const [index, id] of ids.entries()) await simulation.send(id, `hold ${index}`)
  const inTurns = await measureTop(simulation, length)
  await simulation.close()
  const spent = { unit: 'ms', n: 1, note: `a minute, of ${minutes[length]}` } as const
  return [
    {
      ...spent,
      name: `top, ${agents} agents at rest: its CPU`,
      ours: atRest.top,
      limit: { type: 'amount', most: 40 },
    },
    { ...spent, name: `top, ${agents} agents at rest: its daemon's CPU`, ours: atRest.daemon },
    {
      ...spent,
      name: `top, ${agents} silent turns: its CPU`,
      ours: inTurns.top,
      limit: { type: 'amount', most: 1_200 },
    },
    { ...spent, name: `top, ${agents} silent turns: its daemon's CPU`, ours: inTurns.daemon },
  ]
}

/** Runs `top` in a terminal of 80×24, and returns the processor milliseconds a minute of it and of the daemon. */
async function measureTop(
  { socketPath, state }: SimulatedDaemon,
  length: RunLength,
): Promise<{ top: number; daemon: number }> {
  const home = mkdtempSync(join(tmpdir(), 'top-home-'))
  mkdirSync(join(home, 'run'), { mode: 0o700 })
  symlinkSync(socketPath, join(home, 'run/daemon-0.0.0.sock'))
  const line = `stty rows 24 cols 80; exec '${process.execPath}' '${serverScript}' top`
  const terminal = execa('script', ['-q', '-e', '-c', line, '/dev/null'], {
    env: { SUBAGENT_MCP_HOME: home, TERM: 'xterm-256color' },
    reject: false,
    buffer: false,
  })
  terminal.stdout.resume()
  await delay(settleMs)
  const before = { top: cpuBelow(terminal.pid), daemon: (await state()).cpu }
  await delay(minutes[length] * 60_000)
  const after = { top: cpuBelow(terminal.pid), daemon: (await state()).cpu }
  terminal.stdin.write('q')
  await terminal
  rmSync(home, { recursive: true })
  const eachMinute = (who: 'top' | 'daemon'): number => (after[who] - before[who]) / minutes[length]
  return { top: eachMinute('top'), daemon: eachMinute('daemon') }
}

function cpuBelow(pid = 0): number {
  return processesBelow(pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}
