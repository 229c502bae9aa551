import { SubagentError } from '@subagent-mcp/contract'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { escapeForTerminal } from '../../terminal/text.js'

/** Ctrl-C while a command follows an agent: the first ends the turn or kills the agent, the second kills it, the third gives up waiting. */
export type AgentInterruptHandler = {
  /** Names the agent on which Ctrl-C acts. If Ctrl-C was pressed during the launch, the agent is killed immediately. */
  launched(agentId: string): void
  count(): number
  /** Resolves at the third Ctrl-C, when the command gives up waiting. */
  gaveUp: Promise<void>
  /** Resolves when the interrupt or kill that Ctrl-C requested is done, or at the third Ctrl-C. */
  settled(): Promise<void>
  stop(): void
}

/** Handles Ctrl-C for an agent that a command follows, until `stop` is called. `killsAt` is the Ctrl-C that kills the agent. */
export function handleAgentInterrupts(
  context: CommandContext,
  { killsAt = 2 }: { killsAt?: 1 | 2 } = {},
): AgentInterruptHandler {
  let count = 0
  let agentId: string | undefined
  let acting = Promise.resolve()
  let giveUp = (): void => undefined
  const gaveUp = new Promise<void>((resolve) => (giveUp = resolve))
  const act = (): void => {
    if (count > 2) giveUp()
    if (agentId === undefined) return
    const kills = count >= killsAt
    const id = agentId
    acting = acting.then(() => endAgent(id, kills, context))
  }
  const unlisten = context.terminal.onInterrupt(() => {
    count += 1
    act()
  })
  return {
    launched: (id) => {
      agentId = id
      // If only the turn ended, an agent would remain of which the person has seen nothing.
      if (count > 0) count = Math.max(count, 2)
      if (count > 0) act()
    },
    count: () => count,
    gaveUp,
    settled: () => Promise.race([acting, gaveUp]),
    stop: unlisten,
  }
}

async function endAgent(
  agentId: string,
  kills: boolean,
  { client, terminal }: CommandContext,
): Promise<void> {
  try {
    if (!kills) {
      await terminal.stderr.print('\nending its turn; Ctrl-C again kills the agent\n')
      const { interrupted, agent } = await client.interrupt(agentId)
      // An agent without a turn is killed, because there is nothing else to end.
      if (interrupted || !isAgentBusy(agent)) return
    }
    await terminal.stderr.print('\nkilling the agent\n')
    await client.kill(agentId)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    await terminal.stderr.print(`${escapeForTerminal(error.message)}\n`)
  }
}
