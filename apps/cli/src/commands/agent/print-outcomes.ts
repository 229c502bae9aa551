import { SubagentError } from '@subagent-mcp/contract'
import type { AgentDetail, AgentSummary, Waited } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { exitCode } from '../../exit.js'
import { isBusy, outcomeText, statusTones } from '../../terminal/agent-lines.js'
import type { Desk } from '../../terminal/command-context.js'
import { plainText } from '../../terminal/text.js'
import type { Screen } from '../../terminal/terminal.js'

/** Whom to wait for and how long; without a time for as long as it takes. */
export type OutcomeOrder = {
  agentIds: readonly string[]
  until: 'any' | 'all'
  timeoutSeconds: number | undefined
  json: boolean
}

/** Waits until agents are done or one asks for permission, prints what came of them, and returns the exit code. */
export async function tellOutcomes(order: OutcomeOrder, { client, terminal }: Desk): Promise<number> {
  const { timedOut, agents, answers } = await waitFor(client, order)
  const details = await Promise.all(agents.map((agent) => detailOf(agent, answers[agent.id], client)))
  const { stdout } = terminal
  if (order.json) await stdout.print(`${JSON.stringify({ timedOut, agents: details }, undefined, 2)}\n`)
  else for (const detail of details) await stdout.print(describe(detail, stdout))
  return outcomeCode({ timedOut, agents })
}

/** What a script sees: a question goes before the time being over, and that before a failure. */
export function outcomeCode({ timedOut, agents }: Pick<Waited, 'timedOut' | 'agents'>): number {
  if (agents.some(asks)) return exitCode.permissionAsked
  if (timedOut) return exitCode.timedOut
  const hasFailed = (agent: AgentSummary): boolean => !isBusy(agent) && agent.status !== 'finished'
  return agents.some(hasFailed) ? exitCode.agentFailed : exitCode.done
}

/** A question that is before its host's user is nobody else's yet. */
function asks({ status, permissions }: AgentSummary): boolean {
  return status === 'permission_requested' && permissions.some(({ shownTo }) => shownTo === undefined)
}

/** Of a task that is forgotten by now the answer has come already, or has gone to who asked for it. */
async function detailOf(
  agent: AgentSummary,
  answer: string | undefined,
  client: DaemonClient,
): Promise<AgentDetail> {
  if (answer !== undefined) return { agent, said: answer }
  try {
    return await client.agent(agent.id)
  } catch (error) {
    if (error instanceof SubagentError && error.code === 'unknown-agent') return { agent, said: '' }
    throw error
  }
}

async function waitFor(client: DaemonClient, order: OutcomeOrder): Promise<Waited> {
  const { agentIds, until, timeoutSeconds = longestWait } = order
  const waited = await client.wait({
    agentIds: [...agentIds],
    until,
    timeoutSeconds: Math.min(timeoutSeconds, longestWait),
  })
  if (!waited.timedOut || timeoutSeconds < longestWait) return waited
  const left = order.timeoutSeconds === undefined ? undefined : order.timeoutSeconds - longestWait
  return waitFor(client, { ...order, timeoutSeconds: left })
}

/** The longest that the daemon takes, in seconds: a day. */
const longestWait = 86_400

function describe({ agent, said }: AgentDetail, { paint }: Screen): string {
  const head = paint(statusTones[agent.status], outcomeText(agent))
  const answer = isBusy(agent) ? '' : plainText(said).trim()
  return `${head}\n${answer && `${answer}\n`}${agent.status === 'permission_requested' ? `${howToAnswer}\n` : ''}\n`
}

const howToAnswer =
  'subagent-mcp permissions answers it, its host does with respond_permission; subagent-mcp kill ends it'
