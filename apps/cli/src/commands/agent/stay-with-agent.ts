import type { AgentSummary, Launched, AgentDetail } from '@subagent-mcp/api'
import { exitCode } from '../../exit.js'
import { agentHead, isBusy, modelText, outcomeText, statusTones } from '../../terminal/agent-lines.js'
import type { Desk } from '../../terminal/command-context.js'
import { untilDaemonEnds } from './daemon-end.js'
import { plainText } from '../../terminal/text.js'
import { outcomeCode } from './print-outcomes.js'
import type { Screen, Terminal } from '../../terminal/terminal.js'
import { heedInterrupts, type Interrupts } from './interrupts.js'
import { streamRun } from './stream-agent.js'

/**
 * What is launched. Of an agent all is shown that it says, and its questions are denied where nobody is there to ask;
 * of a task the answer alone, and its questions are left to others.
 */
export type Errand = { kind: 'agent' | 'task'; json: boolean; launch: () => Promise<Begun> }

/** What was launched, and what it waits for if the machine has no room yet; of a task also what will become of it. */
export type Begun = Pick<Launched, 'agent' | 'position' | 'lack'> & { result?: Promise<AgentDetail> }

/** Launches, and shows what happens until it is done or somebody else must answer. Returns the exit code. */
export async function stayWithAgent({ kind, json, launch }: Errand, desk: Desk): Promise<number> {
  const { stderr } = desk.terminal
  const interrupts = heedInterrupts(desk)
  try {
    const begun = await launch()
    const { id } = begun.agent
    await stderr.print(launchText(begun, stderr))
    interrupts.launched(id)
    const stay = { agentIds: [id], code: exitCode.agentFailed }
    const next = kind === 'task' ? { next: 'invoke it again' } : {}
    return await untilDaemonEnds({ ...stay, ...next }, desk, () =>
      attend({ id, kind, json, interrupts, result: begun.result }, desk),
    )
  } finally {
    interrupts.stop()
  }
}

type Attended = Omit<Errand, 'launch'> & {
  id: string
  interrupts: Interrupts
  result: Begun['result'] | undefined
}

async function attend(attended: Attended, desk: Desk): Promise<number> {
  const { id, kind, json, interrupts, result } = attended
  const { client, terminal } = desk
  const { gone, stop } = heedReader(terminal)
  const style =
    kind === 'task'
      ? ({ text: false, unasked: 'leave' } as const)
      : ({ text: !json, unasked: 'deny' } as const)
  try {
    const over = await Promise.race([streamRun(id, { ...style, result }, desk), interrupts.gaveUp, gone])
    await interrupts.settled()
    if (interrupts.count() > 2) return exitCode.interrupted
    if (over === 'unread' && kind === 'task') return await leaveAtWork(id, terminal)
    const detail = await (result ?? client.agent(id))
    if (over === 'unread' && isBusy(detail.agent)) return await leaveAtWork(id, terminal)
    await tellEnd(attended, detail, terminal)
    return interrupts.count() > 0 ? exitCode.interrupted : endCode(kind, detail.agent)
  } finally {
    stop()
  }
}

/** Resolves `gone` once nobody reads stdout any more. */
function heedReader({ onUnread }: Terminal): { gone: Promise<'unread'>; stop: () => void } {
  let stop = (): void => undefined
  const gone = new Promise<'unread'>((resolve) => {
    stop = onUnread(() => {
      resolve('unread')
    })
  })
  return { gone, stop }
}

/** Whoever read the answer has left: that it still costs something must not go unsaid. */
async function leaveAtWork(id: string, { stderr }: Terminal): Promise<number> {
  await stderr.print(`${id} goes on: subagent-mcp wait ${id}, or kill ${id}\n`)
  return exitCode.failed
}

function launchText({ agent, position, lack }: Begun, { paint }: Screen): string {
  const why = lack === undefined ? '' : `: ${lack}`
  const queued = position === undefined ? '' : `; waits for room, number ${position} in line${why}`
  return `${paint('dim', `${agentHead(agent)}: ${modelText(agent)} for ${agent.category}${queued}`)}\n`
}

async function tellEnd(
  { kind, json }: Attended,
  detail: AgentDetail,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const answer = plainText(detail.said).trim()
  if (json) await stdout.print(`${JSON.stringify(detail, undefined, 2)}\n`)
  else if (kind === 'task' && detail.agent.status === 'finished' && answer !== '')
    await stdout.print(`${answer}\n`)
  const isEmpty = detail.agent.status === 'finished' && answer === ''
  await stderr.print(closingText(detail.agent, stderr, isEmpty))
}

function closingText(agent: AgentSummary, { paint }: Screen, isEmpty: boolean): string {
  const next = nextText(agent)
  const empty = isEmpty ? paint('yellow', '; the answer is EMPTY: it ended without a word') : ''
  return `${paint(statusTones[agent.status], outcomeText(agent))}${empty}${paint('dim', next && `; ${next}`)}\n`
}

function nextText({ id, status, permissions, takesMessages }: AgentSummary): string {
  if (permissions.some(({ parked }) => parked))
    return 'it asks what nobody has answered yet: subagent-mcp permissions --watch'
  if (status === 'permission_requested')
    return `to answer: subagent-mcp permissions allow ${id}, or deny ${id}; then subagent-mcp wait ${id}`
  return takesMessages ? `to follow up: subagent-mcp send ${id} "<text>"` : ''
}

function endCode(kind: Errand['kind'], agent: AgentSummary): number {
  const timedOut = kind === 'task' && agent.failure?.reason === 'timed-out'
  return outcomeCode({ timedOut, agents: [agent] })
}
