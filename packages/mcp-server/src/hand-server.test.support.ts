import { createSupervisor, noLoad, unlimited, type Limits, type Supervisor } from '@subagent-mcp/core'
import { defaultTable } from '@subagent-mcp/routing'
import {
  createHandClock,
  createHandDriver,
  type HandClock,
  type HandDriver,
  type HandSession,
} from '@subagent-mcp/testkit'
import { PassThrough } from 'node:stream'
import { createHandAgents, type HandAgents } from './hand-agents.test.support.js'
import { createHandMode, type HandMode } from './hand-mode.test.support.js'
import { playHost, type Host } from './play-host.test.support.js'
import { serveMcp } from './serve.js'

/** A server over parts that the test moves, and a host that speaks to it. */
export type HandServer = {
  driver: HandDriver
  clock: HandClock
  supervisor: Supervisor
  agents: HandAgents
  mode: HandMode
  host: Host
  /** What was kept on disk, by name. */
  saved: Map<string, string>
  /** Launches an agent whose session opens at once. */
  launched(): Promise<{ id: string; session: HandSession }>
  close(): Promise<void>
}

/** Names whom it wants, so that it fails as it fails. */
export const order = {
  prompt: 'do it',
  task_category: 'coding',
  provider: 'claude',
  model: 'opus',
  effort: 'high',
}

/** Starts one, with one driver and the shipped routing table; ids count up. */
export async function startHandServer({
  mayLaunch = true,
  hasMode = true,
  limits = {},
}: { mayLaunch?: boolean; hasMode?: boolean; limits?: Partial<Limits> } = {}): Promise<HandServer> {
  const [driver, clock, agents] = [createHandDriver(), createHandClock(), createHandAgents()]
  const [mode, problems]: [HandMode, Error[]] = [createHandMode(), []]
  const saved = new Map<string, string>()
  let ids = 0
  const supervisor = createSupervisor({
    drivers: new Map([['claude', driver]]),
    environmentOf: () => ({}),
    routingOf: () => defaultTable(),
    clock,
    limits: { ...unlimited, ...limits },
    journal: { append: () => 0, forget: () => undefined, onProblem: () => undefined },
    machine: { measure: () => ({ freeMemory: Infinity, others: noLoad }), publish: () => undefined },
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  })
  supervisor.dispatch({ type: 'caller-connected', at: 0, caller: 'me', project: '/p', depth: 0 })
  const [input, output] = [new PassThrough(), new PassThrough()]
  const close = serveMcp({
    port: {
      supervisor,
      stalledAfter: 600_000,
      onHostExit: 'keep',
      agents,
      ...(hasMode && { mode }),
      resolveFolder: () => '/p',
      saveText: (name, text) => {
        saved.set(name, text)
        return { path: `/kept/${name}` }
      },
    },
    caller: 'me',
    version: '1.2.3',
    mayLaunch,
    input,
    output,
    onProblem: (error) => problems.push(error),
  })
  const host = playHost(input, output, problems)
  await greet(host)
  const launched = (): ReturnType<HandServer['launched']> => launchAgent(driver, host)
  return { driver, clock, supervisor, agents, mode, host, saved, close, launched }
}

async function greet(host: Host): Promise<void> {
  await host.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  })
  host.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
}

async function launchAgent(driver: HandDriver, host: Host): ReturnType<HandServer['launched']> {
  const [agent] = await host.agents('launch_agent', order)
  const session = driver.sessions.at(-1)
  if (!agent || !session) throw new Error('nothing was launched')
  await session.open()
  return { id: agent.id, session }
}
