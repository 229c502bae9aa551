import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { installFakeClaude, thorough } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { untilProcessEnds, type CliRuntime } from '../cli-runtime.test.support.js'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { streamKnownFacts } from '../terminal/known-facts.js'

/** Returns a path in the state folder of a test's command. */
export function oursIn({ home }: CliRuntime, ...names: string[]): string {
  return join(home, 'ours', ...names)
}

/** Returns a client of the daemon that a test's command has started. */
export function clientOf(runtime: CliRuntime): DaemonClient {
  return connectDaemon({ socketPath: oursIn(runtime, 'run', 'daemon-0.0.0.sock') })
}

/** The pid of the daemon that answers; `undefined` while none does. */
export async function daemonPid(runtime: CliRuntime): Promise<number | undefined> {
  const health = await clientOf(runtime)
    .health()
    .catch(() => undefined)
  return health?.pid
}

/** Returns the pid in a text that names a daemon. */
export function daemonPidIn(text: string): number {
  return Number(/daemon (\d+)/.exec(text)?.[1])
}

/** `expect.stringContaining`, typed as `unknown` because vitest types it as `any`. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}

/** The first lines that a host writes to the MCP server: `initialize` and `tools/list`. */
export const openingLines = ['initialize', 'tools/list']
  .map((method, id) => {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    }
    return `${JSON.stringify({ jsonrpc: '2.0', id, method, ...(id === 0 && { params }) })}\n`
  })
  .join('')

/** The arguments of a call of `launch_agent`. */
export const launchArguments = {
  prompt: 'go on',
  task_category: 'mechanical',
  provider: 'claude',
  model: 'sonnet',
}

/** Starts `subagent-mcp serve` as a host does, and resolves when it has listed its tools. */
export async function startMcp(runtime: CliRuntime, words = ['serve'], variables: NodeJS.ProcessEnv = {}) {
  const child = runtime.start(words, variables)
  const end = untilProcessEnds(child)
  const answers = new Map<unknown, string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.set(z.looseObject({ id: z.unknown().optional() }).parse(JSON.parse(line)).id, line)
  })
  child.stdin.write(openingLines)
  await expect.poll(() => answers.get(1)).toContain('"launch_agent"')
  return {
    child,
    end,
    /** The lines with which the server answered, by the id of the request. */
    answers,
    call: (id: number, name: string, input: object) => {
      const call = { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } }
      child.stdin.write(`${JSON.stringify(call)}\n`)
    },
  }
}

/** Returns the callers of all launches in the daemon's journal, the oldest first. */
export async function launchCallers(runtime: CliRuntime): Promise<string[]> {
  const callers: string[] = []
  const { signal } = new AbortController()
  for await (const { fact } of streamKnownFacts(clientOf(runtime), { after: 0, follow: false, signal }))
    if (fact.type === 'launch-requested') callers.push(fact.profile.caller)
  return callers
}

/** Declares a test for each signal, whose name replaces `%s` in the title. All but the first are `thorough`. */
export function testEachSignal(
  signals: readonly NodeJS.Signals[],
  title: string,
  run: (signal: NodeJS.Signals) => Promise<void>,
): void {
  for (const signal of signals) {
    test(title.replace('%s', signal), signal === signals[0] ? {} : thorough, () => run(signal))
  }
}

/** Launches an agent whose turn does not end, with `inside` in its environment; `remove` deletes its fake CLI. */
export async function launchEndless(
  runtime: CliRuntime,
  inside: NodeJS.ProcessEnv = {},
): Promise<{ id: string; remove: () => void }> {
  const { executable, remove } = installFakeClaude('hangs-in-turn')
  const client = clientOf(runtime)
  const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable }
  const { agent } = await client.launch({
    prompt: 'go on and on',
    category: 'mechanical',
    provider: 'claude',
    model: 'sonnet',
    cwd: runtime.home,
    environment: selectDefinedVariables({ ...runtime.environment, ...variables, ...inside }),
  })
  await expect.poll(async () => (await client.agent(agent.id)).agent.status).toBe('processing')
  return { id: agent.id, remove }
}

/** Makes a name known in the mailbox, by a worker that runs for a moment. */
export async function makeKnown(runtime: CliRuntime, name: string): Promise<void> {
  const worker = ['worker', '--name', name, '--once', '--poll-ms', '100']
  expect(await runtime.run(worker)).toMatchObject({ code: 124 })
}
