import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { installFakeClaude } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'
import { z } from 'zod'
import { untilEnd, type CliHouse } from '../cli-house.test.support.js'
import { definedVariables } from '../defined-variables.js'
import { knownFacts } from '../terminal/agent-facts.js'

/** A path among the files of ours. */
export function oursIn({ home }: CliHouse, ...names: string[]): string {
  return join(home, 'ours', ...names)
}

/** A client of the house's daemon. */
export function clientOf(house: CliHouse): DaemonClient {
  return connectDaemon({ socketPath: oursIn(house, 'run', 'daemon-0.0.0.sock') })
}

/** The pid of the daemon that answers; `undefined` while none does. */
export async function daemonPid(house: CliHouse): Promise<number | undefined> {
  const health = await clientOf(house)
    .health()
    .catch(() => undefined)
  return health?.pid
}

/** The pid of the daemon that is spoken of. */
export function pidIn(text: string): number {
  return Number(/daemon (\d+)/.exec(text)?.[1])
}

/** vitest's own has no type. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}

/** What a host says first. */
export const opening = ['initialize', 'tools/list']
  .map((method, id) => {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    }
    return `${JSON.stringify({ jsonrpc: '2.0', id, method, ...(id === 0 && { params }) })}\n`
  })
  .join('')

/** With what a host launches an agent. */
export const launchArguments = {
  prompt: 'go on',
  task_category: 'mechanical',
  provider: 'claude',
  model: 'sonnet',
}

/** A host's server that has listed its tools. */
export async function serve(house: CliHouse, words = ['serve'], variables: NodeJS.ProcessEnv = {}) {
  const child = house.start(words, variables)
  const end = untilEnd(child)
  const answers = new Map<unknown, string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.set(z.looseObject({ id: z.unknown().optional() }).parse(JSON.parse(line)).id, line)
  })
  child.stdin.write(opening)
  await expect.poll(() => answers.get(1)).toContain('"launch_agent"')
  return {
    child,
    end,
    /** The lines in which calls were answered, by their ids. */
    answers,
    call: (id: number, name: string, input: object) => {
      const call = { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } }
      child.stdin.write(`${JSON.stringify(call)}\n`)
    },
  }
}

/** The callers of all launches, in their order. */
export async function launchCallers(house: CliHouse): Promise<string[]> {
  const callers: string[] = []
  const { signal } = new AbortController()
  for await (const { fact } of knownFacts(clientOf(house), { after: 0, follow: false, signal }))
    if (fact.type === 'launch-requested') callers.push(fact.profile.caller)
  return callers
}

/** An agent whose turn does not end by itself, launched from an environment; `remove` takes its CLI away. */
export async function launchEndless(
  house: CliHouse,
  inside: NodeJS.ProcessEnv = {},
): Promise<{ id: string; remove: () => void }> {
  const { executable, remove } = installFakeClaude('hangs-in-turn')
  const client = clientOf(house)
  const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable }
  const { agent } = await client.launch({
    prompt: 'go on and on',
    category: 'mechanical',
    provider: 'claude',
    model: 'sonnet',
    cwd: house.home,
    environment: definedVariables({ ...house.environment, ...variables, ...inside }),
  })
  await expect.poll(async () => (await client.agent(agent.id)).agent.status).toBe('processing')
  return { id: agent.id, remove }
}
