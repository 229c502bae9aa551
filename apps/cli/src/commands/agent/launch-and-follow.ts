import type { AgentDetail, AgentSummary, LaunchAnswer } from '@subagent-mcp/api'
import { exitCode } from '../../exit.js'
import {
  formatAgentIdAndName,
  isAgentBusy,
  formatAgentModel,
  describeAgentOutcome,
  agentStatusTones,
} from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { describeWorktreeChanges } from '../../terminal/changes-text.js'
import { printJson, printRemarks } from '../../terminal/print.js'
import type { TextOutput, Terminal } from '../../terminal/terminal.js'
import { escapeForTerminal } from '../../terminal/text.js'
import { handleAgentInterrupts, type AgentInterruptHandler } from './interrupts.js'
import { ringBellAndGetExitCode, followUntilDaemonEnds, addParsedAnswer } from './print-outcomes.js'
import { printAgentStream } from './print-agent-stream.js'

/**
 * Work that `launchAndFollow` launches: an agent or a task. All text of an agent is printed, and its permission requests are denied if
 * no person is at the terminal. Of a task only the answer is printed, and its permission requests are left to other callers. With
 * `report` the text of an agent is not printed: when it has finished, `report` prints its answer and returns the exit code. With
 * `report`, and in CI, the first Ctrl-C kills the agent.
 */
export type AgentOrTaskToLaunch = {
  kind: 'agent' | 'task'
  json: boolean
  launch: () => Promise<LaunchedAgentOrTask>
  report?: (detail: AgentDetail) => Promise<number>
  /** Turns the answer of a finished agent into the text for a CI job's report. Default: the answer itself. */
  answerForCi?: (detail: AgentDetail) => string
}

/** A launched agent; `lack` names what the machine lacks if the agent must wait for it. A task also has its result. */
export type LaunchedAgentOrTask = Pick<LaunchAnswer, 'agent' | 'position' | 'lack'> & {
  result?: Promise<AgentDetail>
}

/** Launches an agent or a task, and prints its progress until it is done or asks what only others can answer. Returns the exit code. */
export async function launchAndFollow(
  { launch, ...work }: AgentOrTaskToLaunch,
  context: CommandContext,
): Promise<number> {
  const { stderr } = context.terminal
  const interrupts = handleAgentInterrupts(context, { killsAt: work.report || context.ci ? 1 : 2 })
  try {
    const launched = await launch()
    const { id } = launched.agent
    await stderr.print(launchText(launched, stderr))
    interrupts.launched(id)
    const next = work.kind === 'task' ? { next: 'invoke it again' } : {}
    return await followUntilDaemonEnds(
      { agentIds: [id], code: exitCode.agentFailed, ...next },
      context.terminal,
      () => follow({ ...work, id, interrupts, result: launched.result }, context),
    )
  } finally {
    interrupts.stop()
  }
}

type FollowedWork = Omit<AgentOrTaskToLaunch, 'launch'> & {
  id: string
  interrupts: AgentInterruptHandler
  result: LaunchedAgentOrTask['result'] | undefined
}

async function follow(work: FollowedWork, context: CommandContext): Promise<number> {
  const { id, kind, json, interrupts, result, report } = work
  const { client, terminal } = context
  const unread = untilUnread(terminal)
  const style =
    kind === 'task'
      ? ({ text: false, unasked: 'leave' } as const)
      : ({ text: !json && !report, unasked: 'deny' } as const)
  try {
    const stream = printAgentStream(id, { ...style, result }, context)
    const end = await Promise.race([stream, interrupts.gaveUp, unread.promise])
    await interrupts.settled()
    if (interrupts.count() > 2) return exitCode.interrupted
    if (end === 'unread' && kind === 'task') return await leaveRunning(id, terminal)
    const detail = await (result ?? client.agent(id))
    if (end === 'unread' && isAgentBusy(detail.agent)) return await leaveRunning(id, terminal)
    const code =
      report && isDone(detail) ? await Promise.race([report(detail), interrupts.gaveUp]) : undefined
    context.ci?.agent(detail, isDone(detail) ? work.answerForCi?.(detail) : undefined)
    await printEnd(work, detail, context)
    if (interrupts.count() > 0) return exitCode.interrupted
    const timedOut = kind === 'task' && detail.agent.failure?.reason === 'timed-out'
    const outcome = await ringBellAndGetExitCode({ timedOut, agents: [detail.agent] }, terminal)
    return code ?? outcome
  } finally {
    unread.stop()
  }
}

/** Returns a promise that resolves when the reader of stdout has closed it. */
function untilUnread({ onUnread }: Terminal): { promise: Promise<'unread'>; stop: () => void } {
  let stop = (): void => undefined
  const promise = new Promise<'unread'>((resolve) => {
    stop = onUnread(() => {
      resolve('unread')
    })
  })
  return { promise, stop }
}

/** Prints that an agent still runs and how to kill it, because it still costs money. Returns the exit code. */
async function leaveRunning(id: string, { stderr }: Terminal): Promise<number> {
  await stderr.print(`${id} continues: subagent-mcp wait ${id}, or kill ${id}\n`)
  return exitCode.failed
}

function launchText({ agent, position, lack }: LaunchedAgentOrTask, { paint }: TextOutput): string {
  const why = lack === undefined ? '' : `: ${lack}`
  const queued = position === undefined ? '' : `; waits for room, number ${position} in line${why}`
  const place =
    agent.source === undefined ? [] : agent.notes.map((note) => paint('dim', escapeForTerminal(note)))
  const head = paint(
    'dim',
    `${formatAgentIdAndName(agent)}: ${formatAgentModel(agent)} for ${agent.category}${queued}`,
  )
  return [head, ...place].map((line) => `${line}\n`).join('')
}

async function printEnd(
  { kind, json }: FollowedWork,
  detail: AgentDetail,
  { client, terminal }: CommandContext,
): Promise<void> {
  const { agent, said } = detail
  const answer = escapeForTerminal(said).trim()
  if (json) await printJson(terminal, addParsedAnswer(detail))
  else if (kind === 'task' && isDone(detail) && answer !== '') await terminal.stdout.print(`${answer}\n`)
  await terminal.stderr.print(closingText(agent, terminal.stderr, isDone(detail) && answer === ''))
  const changed = isAgentBusy(agent) ? undefined : await describeWorktreeChanges(agent, client)
  if (changed !== undefined) await printRemarks(terminal, [changed])
}

function isDone({ agent }: AgentDetail): boolean {
  return agent.status === 'finished'
}

function closingText(agent: AgentSummary, { paint }: TextOutput, isEmpty: boolean): string {
  const next = nextText(agent)
  const empty = isEmpty ? paint('yellow', '; the answer is EMPTY: it ended without a word') : ''
  return `${paint(agentStatusTones[agent.status], describeAgentOutcome(agent))}${empty}${paint('dim', next && `; ${next}`)}\n`
}

function nextText({ id, status, permissions, takesMessages }: AgentSummary): string {
  if (permissions.some(({ parked }) => parked))
    return 'it asks what nobody has answered yet: subagent-mcp permissions --watch'
  if (status === 'permission_requested')
    return `to answer: subagent-mcp permissions allow ${id}, or deny ${id}; then subagent-mcp wait ${id}`
  return takesMessages ? `to follow up: subagent-mcp send ${id} "<text>"` : ''
}
