import type { AgentSummary } from '@subagent-mcp/core'
import { exitCode } from '../../exit.js'
import { projectOf } from '../../mode/project-root.js'
import { isBusy } from '../../terminal/agent-words.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { untilDaemonEnds } from '../../terminal/daemon-end.js'
import { tellOutcomes } from '../../terminal/tell-outcomes.js'
import type { WaitOrder } from './wait-order.js'

/** Waits, and prints what came of the agents. */
export async function waitForAgents(order: WaitOrder, desk: Desk): Promise<number> {
  const { until, timeoutSeconds, json } = order
  const agentIds = (await meantAgents(order, desk)).map(({ id }) => id)
  const ask = (): Promise<number> => tellOutcomes({ agentIds, until, timeoutSeconds, json }, desk)
  if (agentIds.length > 0) return untilDaemonEnds({ agentIds, code: exitCode.agentFailed }, desk, ask)
  const { stdout, stderr } = desk.terminal
  if (json) await stdout.print(`${JSON.stringify({ timedOut: false, agents: [] }, undefined, 2)}\n`)
  else await stderr.print('no agent runs in this project\n')
  return exitCode.done
}

async function meantAgents({ words }: WaitOrder, { client, terminal }: Desk): Promise<AgentSummary[]> {
  if (words.length > 0) return chooseAgents(await client.agents(), words)
  return (await client.agents({ project: projectOf(terminal.cwd) })).filter(isBusy)
}
