import { SubagentError } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { readAgentList, type AgentFilter, type AgentList } from './agent-list.js'

/**
 * Yields the agents now, and again after facts of the daemon: at most four times a second, and less often where the list takes long.
 * While an agent works, the daemon is also asked every 30 s, because no fact reports that an agent stalls; otherwise every 10 minutes,
 * because old agents leave the list. `asOf` is when the daemon was asked, in Unix milliseconds.
 * @throws SubagentError `daemon-unreachable` when the daemon ends
 */
export async function* followAgentLists(
  filter: AgentFilter,
  context: CommandContext,
  signal: AbortSignal,
): AsyncGenerator<{ list: AgentList; asOf: number }, void> {
  const { now } = context.terminal
  const facts = countFacts(context.client, signal)
  for (;;) {
    const seen = facts.count()
    const [asOf, begun] = [now(), performance.now()]
    const list = await Promise.race([readAgentList(filter, context), facts.failed])
    yield { list, asOf }
    await delay(Math.max(shortestPause, 4 * (performance.now() - begun)), undefined, { signal })
    const silence = list.shown.some(isAgentBusy) ? silenceAtWork : silenceAtRest
    await settlesWithin(Promise.race([facts.more(seen), facts.failed]), silence, signal)
  }
}

/** Milliseconds between two requests for the list of agents: the least, and the most while an agent works and while none does. */
const shortestPause = 250
const silenceAtWork = 30_000
const silenceAtRest = 600_000

/** Counts the events that the daemon reports, to learn when the list of agents may have changed. `failed` rejects when the daemon ends. */
function countFacts({ events }: CommandContext['client'], signal: AbortSignal) {
  let count = 0
  let wake = (): void => undefined
  const add = (): void => {
    count += 1
    wake()
  }
  const follow = async (): Promise<never> => {
    // The agents are read again once the stream is connected, because facts before it are not reported.
    for await (const _ of events({ signal, onConnected: add })) add()
    throw new SubagentError('daemon-unreachable', 'the daemon has ended')
  }
  const failed = follow()
  // Prevents an unhandled rejection: the callers await `failed`.
  failed.catch(() => undefined)
  return {
    failed,
    count: () => count,
    more: (seen: number) =>
      new Promise<void>((resolve) => {
        wake = resolve
        if (count > seen) resolve()
      }),
  }
}
