import type { AgentSummary } from '@subagent-mcp/api'
import { exitCode } from '../../exit.js'
import { isAgentBusy, agentModelText, agentOutcomeText } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { clockTime } from '../../terminal/format.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import type { Terminal } from '../../terminal/terminal.js'
import { runTop } from '../../top/run-top.js'
import type { AgentFilter, AgentList } from './agent-list.js'
import { followAgentLists } from './follow-agent-lists.js'

/**
 * Shows agents, and updates them after each fact, until Ctrl-C: on a terminal as `top`, in a pipe as lines.
 * @throws SubagentError when the daemon ends
 */
export async function watchAgents(
  { json, ...filter }: AgentFilter & { json: boolean },
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  if (!json && terminal.fullScreen) return terminal.fullScreen((screen) => runTop(filter, context, screen))
  const show = json ? jsonView(terminal) : lineView(terminal)
  return runUntilCtrlC(terminal, async (signal) => {
    for await (const { list } of followAgentLists(filter, context, signal)) await show(list)
    return exitCode.done
  })
}

function lineView({ stdout, now }: Terminal): (list: AgentList) => Promise<void> {
  const printed = new Map<string, string>()
  return async ({ shown }) => {
    for (const agent of shown) {
      const state = `${agent.status} ${agent.turnCount} ${agent.permissions.map(({ requestId }) => requestId).join()}`
      if (printed.get(agent.id) === state) continue
      printed.set(agent.id, state)
      await stdout.print(`${clockTime(now())}  ${changeText(agent)}\n`)
    }
  }
}

function changeText(agent: AgentSummary): string {
  const text = agentOutcomeText(agent)
  return isAgentBusy(agent) ? `${text} (${agentModelText(agent)})` : text
}

/** Prints the agents as one line of JSON for each new list. */
function jsonView({ stdout }: Terminal): (list: AgentList) => Promise<void> {
  return ({ shown }) => stdout.print(`${JSON.stringify(shown)}\n`)
}
