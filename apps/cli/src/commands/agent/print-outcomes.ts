import {
  longestWaitSeconds,
  type AgentDetail,
  type AgentSummary,
  type WaitForAgentsAnswer,
} from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { parseJson, SubagentError } from '@subagent-mcp/contract'
import { exitCode } from '../../exit.js'
import { signalTerminal } from '../../notify/signal-terminal.js'
import { isAgentBusy, describeAgentOutcome, agentStatusTones } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { describeWorktreeChanges } from '../../terminal/changes-text.js'
import { printJson, printRemarks } from '../../terminal/print.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { escapeForTerminal } from '../../terminal/text.js'

export type PrintAgentOutcomesOptions = {
  agentIds: readonly string[]
  until: 'any' | 'all'
  timeoutSeconds: number | undefined
  json: boolean
}

/** Waits until agents are done or one asks for a permission, prints their outcomes, and returns the exit code. */
export async function printAgentOutcomes(
  options: PrintAgentOutcomesOptions,
  { client, terminal }: CommandContext,
): Promise<number> {
  const { agentIds, json } = options
  return followUntilDaemonEnds({ agentIds, code: exitCode.agentFailed }, terminal, async () => {
    const waited = await waitFor(client, options)
    const { timedOut, agents } = waited
    const details = await Promise.all(agents.map((agent) => detailOf(agent, waited, client)))
    if (json) await printJson(terminal, { timedOut, agents: details.map(addParsedAnswer) })
    else for (const detail of details) await printDetail(detail, { client, terminal })
    const code = await ringBellAndGetExitCode({ timedOut, agents }, terminal)
    const isUnreadable = details.some(({ unreadable }) => unreadable !== undefined)
    return code === exitCode.done && isUnreadable ? exitCode.agentFailed : code
  })
}

/** Rings the terminal because agents have ended or ask, and returns the exit code that `computeWaitExitCode` gives for them. */
export async function ringBellAndGetExitCode(
  outcome: Pick<WaitForAgentsAnswer, 'timedOut' | 'agents'>,
  terminal: CommandContext['terminal'],
): Promise<number> {
  const code = computeWaitExitCode(outcome)
  if (code === exitCode.permissionAsked)
    await signalTerminal(terminal, { event: 'asks', text: 'an agent asks for permission' })
  else if (!outcome.timedOut) await signalTerminal(terminal, { event: 'ended', text: 'agents have ended' })
  return code
}

/** Returns the exit code of a wait for agents: 4 for an open permission request, else 124 for a timeout, else 3 for a failed agent. */
export function computeWaitExitCode({
  timedOut,
  agents,
}: Pick<WaitForAgentsAnswer, 'timedOut' | 'agents'>): number {
  if (agents.some(asksHere)) return exitCode.permissionAsked
  if (timedOut) return exitCode.timedOut
  const hasFailed = (agent: AgentSummary): boolean => !isAgentBusy(agent) && agent.status !== 'finished'
  return agents.some(hasFailed) ? exitCode.agentFailed : exitCode.done
}

/** Whether an agent waits for a permission that any caller may give. A request that a host shows to its user does not count. */
function asksHere({ status, permissions }: AgentSummary): boolean {
  return status === 'permission_requested' && permissions.some(({ shownTo }) => shownTo === undefined)
}

/** An agent with its last answer. `unreadable`: why the daemon's journal cannot read that answer. */
type AgentOutcome = AgentDetail & { unreadable?: string }

/** Returns an agent with its last answer. A deleted task has no answer here, because the wait or another caller has received it. */
async function detailOf(
  agent: AgentSummary,
  { answers, unreadable }: WaitForAgentsAnswer,
  client: DaemonClient,
): Promise<AgentOutcome> {
  const answer = answers[agent.id]
  const problem = unreadable?.[agent.id]
  if (problem !== undefined) return { agent, said: '', unreadable: problem }
  if (answer !== undefined) return { agent, said: answer }
  try {
    return await client.agent(agent.id)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    if (error.code === 'unknown-agent') return { agent, said: '' }
    if (error.code !== 'io-failed') throw error
    return { agent, said: '', unreadable: [error.message, ...(error.hint ? [error.hint] : [])].join(': ') }
  }
}

async function waitFor(
  client: DaemonClient,
  options: PrintAgentOutcomesOptions,
): Promise<WaitForAgentsAnswer> {
  const { agentIds, until, timeoutSeconds = longestWaitSeconds } = options
  const waited = await client.wait({
    agentIds: [...agentIds],
    until,
    timeoutSeconds: Math.min(timeoutSeconds, longestWaitSeconds),
  })
  if (!waited.timedOut || timeoutSeconds < longestWaitSeconds) return waited
  const left = options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds - longestWaitSeconds
  return waitFor(client, { ...options, timeoutSeconds: left })
}

/** Adds the parsed answer of a finished agent that had to answer in JSON by a schema. */
export function addParsedAnswer(detail: AgentOutcome): AgentOutcome & { value?: unknown } {
  const { agent, said } = detail
  return agent.hasSchema && agent.status === 'finished' ? { ...detail, value: parseJson(said) } : detail
}

async function printDetail(detail: AgentOutcome, { client, terminal }: CommandContext): Promise<void> {
  const { agent } = detail
  await terminal.stdout.print(detailText(detail, terminal.stdout))
  const changed = isAgentBusy(agent) ? undefined : await describeWorktreeChanges(agent, client)
  if (changed !== undefined) await printRemarks(terminal, [changed])
}

function detailText({ agent, said, unreadable }: AgentOutcome, { paint }: TextOutput): string {
  const head = paint(agentStatusTones[agent.status], describeAgentOutcome(agent))
  const shown = unreadable === undefined ? said : `answer not read: ${unreadable}`
  const answer = isAgentBusy(agent) ? '' : escapeForTerminal(shown).trim()
  const next = agent.status === 'permission_requested' ? `${howToAnswer}\n` : ''
  return `${head}\n${answer && `${answer}\n`}${next}\n`
}

const howToAnswer =
  'to answer: subagent-mcp permissions, or respond_permission in its host; to end it: subagent-mcp kill'

/** The agents that a command follows, the exit code of the command if the daemon ends, and what the user can do then. */
export type FollowedAgents = { agentIds: readonly string[]; code: number; next?: string }

/** Follows agents. When the daemon ends meanwhile, prints what happened to them and how to continue, and returns `code`. */
export async function followUntilDaemonEnds(
  { agentIds, code, next }: FollowedAgents,
  { stderr }: CommandContext['terminal'],
  follow: () => Promise<number>,
): Promise<number> {
  try {
    return await follow()
  } catch (error) {
    if (!(error instanceof SubagentError) || error.code !== 'daemon-unreachable') throw error
    await stderr.print(`the daemon has ended; ${interruptedText(agentIds, next)}\n`)
    return code
  }
}

/** Describes agents whose daemon has ended. If there are several, only the next daemon knows which of them had finished. */
function interruptedText([id = '', ...others]: readonly string[], next?: string): string {
  if (others.length === 0) return `${id} was interrupted: ${next ?? `subagent-mcp send ${id} "go on"`}`
  return `those of ${[id, ...others].join(', ')} that were at work were interrupted: subagent-mcp ps`
}
