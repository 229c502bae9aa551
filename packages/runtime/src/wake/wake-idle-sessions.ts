import type { Failure, HostSessionThread, HostMessageQueue } from '@subagent-mcp/contract'
import {
  computeReportKeys,
  hostWakeDelayMs,
  listAgentsWithUnreadReports,
  waitForFact,
  type AgentsState,
  type ReportKeys,
  type Supervisor,
} from '@subagent-mcp/core'
import { readNoticedReportKeys, formatReportNotice, storeReportNotice } from '@subagent-mcp/orchestration'
import { maskSecrets } from '@subagent-mcp/permissions'
import { runAndLogFailure } from '../log-failure.js'

/** Options for waking idle sessions of a host through the queue of messages that the host has for them. */
export type IdleSessionWakeOptions = {
  queue: HostMessageQueue
  /** The most turns in a row of a session that no person typed. */
  maxTurns: number
  /** The state folder, in which hooks and this runtime record the reports of which a session had a notice. */
  folder: string
}

type WakeParts = IdleSessionWakeOptions & {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock' | 'dispatch'>
  /** Returns the environment of a caller. */
  environmentOf(caller: string): HostSessionThread['environment']
  log: (line: string) => void
}

/**
 * Wakes connected host sessions when their agents have finished or ask and no call waits for these agents, until the returned function
 * is called. Only sessions of hosts that name their turns in tool calls can be woken.
 */
export function wakeIdleSessions(parts: WakeParts): () => void {
  const { supervisor } = parts
  const end = new AbortController()
  const unsubscribe = supervisor.subscribe((fact) => {
    if (fact.type !== 'caller-connected' || fact.depth > 0 || fact.terminal) return
    void watchSession(parts, fact.caller, end.signal)
  })
  return () => {
    unsubscribe()
    end.abort()
  }
}

/** A queued message that may not have started its turn yet. `known`: keys of the reports of which the session had a notice before. */
type Waiting = { thread: string; id: string; duringTurn: string | undefined; known: readonly string[] }

type Step =
  | { type: 'tell'; thread: string; reports: ReportKeys }
  /** Hooks have added a notice of these reports to a prompt that the session's user typed. */
  | { type: 'told'; keys: readonly string[] }
  /** The session has received all reports, so the queued message is to be removed. */
  | { type: 'withdraw' }
  /** The queued message has started a turn. */
  | { type: 'begun' }
  | { type: 'gone' }

/** The state of one session's watcher. `tried`: keys of the reports for which a notice was queued, also without success. */
type Memory = { tried: readonly string[]; waiting?: Waiting | undefined; isFailing: boolean }

/** Wakes one session, until its connection ends or the signal aborts. Never rejects. */
async function watchSession(parts: WakeParts, caller: string, signal: AbortSignal): Promise<void> {
  const memory: Memory = { tried: [], isFailing: false }
  const look = (): Step | undefined => nextStep(parts, caller, memory)
  for (;;) {
    const next = await waitForFact(parts.supervisor, look, { signal })
    if (next.type !== 'found' || next.found.type === 'gone') return
    if (next.found.type === 'begun') memory.waiting = undefined
    if (next.found.type === 'told') memory.tried = next.found.keys
    if (next.found.type === 'withdraw') await withdraw(parts, caller, memory)
    if (next.found.type !== 'tell') continue
    // If the session receives all reports within this pause, it is not woken.
    const isOver = (): true | undefined => (look()?.type === 'tell' ? undefined : true)
    const collected = await waitForFact(parts.supervisor, isOver, { timeout: hostWakeDelayMs, signal })
    if (collected.type === 'cancelled') return
    if (collected.type === 'timed-out') await tell(parts, caller, memory)
  }
}

/** The next step for a session; `undefined` while nothing has to be done. */
function nextStep(parts: WakeParts, caller: string, memory: Memory): Step | undefined {
  const state = parts.supervisor.state()
  const session = state.callers.get(caller)
  if (!session) return { type: 'gone' }
  const { turn, wakes = 0 } = session
  const thread = turn?.thread ?? launchingThread(state, caller)
  if (thread === undefined) return undefined
  const { waiting } = memory
  if (waiting && turn?.isTyped === false && turn.id !== waiting.duringTurn) return { type: 'begun' }
  const reports = computeReportKeys(listAgentsWithUnreadReports(state, { caller }))
  const keys = [...reports.finished, ...reports.asking]
  if (keys.length === 0) return waiting && { type: 'withdraw' }
  if (wakes >= parts.maxTurns || keys.every((key) => memory.tried.includes(key))) return undefined
  const known = readNoticedReportKeys(parts.folder, sessionOf(thread))
  return keys.every((key) => known.includes(key)) ? { type: 'told', keys } : { type: 'tell', thread, reports }
}

/** The thread in which the caller launched its newest agent. The journal has it, so it is known after a restart. */
function launchingThread({ agents }: AgentsState, caller: string): string | undefined {
  return agents.findLast(({ profile }) => profile.caller === caller && profile.thread !== undefined)?.profile
    .thread
}

/** Queues a message with the number of all unread reports. It replaces a queued message that has not started its turn. */
async function tell(parts: WakeParts, caller: string, memory: Memory): Promise<void> {
  const { supervisor, queue, log } = parts
  await withdraw(parts, caller, memory)
  const step = nextStep(parts, caller, memory)
  if (step?.type !== 'tell') return
  const { thread, reports } = step
  const duringTurn = supervisor.state().callers.get(caller)?.turn?.id
  const known = readNoticedReportKeys(parts.folder, sessionOf(thread))
  memory.tried = [...reports.finished, ...reports.asking]
  // The notice is stored before the message is queued, because otherwise the hook for the new turn's prompt would repeat it.
  note(parts, thread, memory.tried)
  const session = { thread, environment: parts.environmentOf(caller) }
  const added = await queue.add(session, wakeMessage(reports))
  if (added.type === 'failed') {
    note(parts, thread, known)
    if (!memory.isFailing)
      log(`cannot wake a session, which learns of its agents at its next prompt: ${whyFailed(added.failure)}`)
    memory.isFailing = true
    return
  }
  memory.isFailing = false
  supervisor.dispatch({ type: 'wake-queued', at: supervisor.clock.now(), caller })
  if (added.id !== undefined) memory.waiting = { thread, id: added.id, duringTurn, known }
}

/** Removes the queued message, unless it has started a turn. The session then counts as having no notice of its reports. */
async function withdraw(parts: WakeParts, caller: string, memory: Memory): Promise<void> {
  const { supervisor, queue, environmentOf } = parts
  const { waiting } = memory
  if (!waiting) return
  const { thread, id, known } = waiting
  memory.waiting = undefined
  if (!(await queue.remove({ thread, environment: environmentOf(caller) }, id))) return
  memory.tried = []
  note(parts, thread, known)
  supervisor.dispatch({ type: 'wake-withdrawn', at: supervisor.clock.now(), caller })
}

/** Stores the keys of the reports of which a session had a notice. */
function note({ folder, log }: WakeParts, thread: string, keys: readonly string[]): void {
  const problem = 'the notice of a woken session could not be stored, so hooks may repeat it'
  runAndLogFailure(problem, () => storeReportNotice(folder, sessionOf(thread), keys), log)
}

/** Returns the session in the form in which hooks store its notices. */
function sessionOf(thread: string): { host: 'codex'; session: string } {
  return { host: 'codex', session: thread }
}

/** Returns a text of fixed words, without texts of agents, because the host shows the message as its user's. */
function wakeMessage(reports: ReportKeys): string {
  const limits = 'This message answers no question and grants no permission.'
  return `[From subagent-mcp, not typed by the user] ${formatReportNotice(reports)} ${limits}`
}

function whyFailed({ message, stderrTail = '' }: Failure): string {
  const [line = ''] = stderrTail.trim().split('\n').slice(-1)
  return line === '' ? message : `${message}: ${maskSecrets(line).slice(0, 200)}`
}
