import { joinAbortSignals, type MailboxMessage } from '@subagent-mcp/mailbox'
import { buildWorkerPrompt } from './build-worker-prompt.js'
import { countTurn } from './count-turn.js'
import type { RunningWorker } from './open-worker.js'
import { runWorkerTurn, getKnownTurnDetails, type WorkerTurnResult } from './run-worker-turn.js'
import { chooseWorkerSession, findLastKnownMessageNumber } from './choose-worker-session.js'
import type { EarlierThreadMessages } from './earlier-messages.js'
import type { StoredWorkerSession } from './worker-memory.js'
import type { WorkerSessionChoice } from './worker-ports.js'

/** Runs, records and logs a turn. If its session turns out to be lost, another runs in a new session. */
export async function attemptWorkerTurn(
  worker: RunningWorker,
  messages: readonly MailboxMessage[],
  signals: Signals,
): Promise<WorkerTurnResult> {
  const { memory, options, clock, turns } = worker
  const kept = options.session === 'fresh' ? undefined : memory.now().session
  const session = chooseWorkerSession(kept)
  const earlier = await unknownTo(worker, { kept, messages, signals })
  if (signals.lost.aborted) return { type: 'lost' }
  if (signals.stop.aborted) return { type: 'stopped' }
  const began = clock.now()
  const { name, tools } = options
  const isKnown = session.type === 'known'
  const prompt = buildWorkerPrompt({ name, tools, messages, earlier, now: began, isKnown })
  memory.changeSoon({ status: working(messages, began) })
  const order = { prompt, session, deadlineMs: options.turnDeadlineMs }
  const result = await runWorkerTurn(turns, order, { ...signals, clock, stopGraceMs: options.stopGraceMs })
  remember(worker, { kept, session, messages, began, result })
  const lost = result.type === 'failed' && result.sessionLost === true && session.type === 'known'
  return lost ? attemptWorkerTurn(worker, messages, signals) : result
}

type Signals = { lost: AbortSignal; stop: AbortSignal }

function working(messages: readonly MailboxMessage[], since: number) {
  const from = [...new Set(messages.map((message) => message.from.name))]
  return { type: 'working' as const, since, messages: messages.map(({ id }) => id), from }
}

/** Earlier messages of the thread that the worker's session does not know: it is new, or another worker had them. */
async function unknownTo(
  worker: RunningWorker,
  { kept, messages, signals }: Unknown,
): Promise<EarlierThreadMessages> {
  // Events belong to no conversation, and nothing comes before the first message of a thread.
  const last = messages.findLast(({ id, kind, thread }) => kind !== 'event' && thread !== id)
  if (last === undefined) return []
  const { thread } = last
  const { signal, part } = joinAbortSignals([signals.lost, signals.stop])
  const page = { before: last.seq, limit: mostEarlier }
  const before = await worker.contact.reach(() => worker.mail.thread(thread, page), signal).finally(part)
  const given = new Set(messages.map(({ id }) => id))
  const known = findLastKnownMessageNumber(kept, thread)
  return before.filter(({ id, seq }) => seq > known && !given.has(id))
}

/** The most earlier messages of a thread that a worker reads; its prompt shows fewer. */
const mostEarlier = 100

type Unknown = {
  kept: StoredWorkerSession | undefined
  messages: readonly MailboxMessage[]
  signals: Signals
}

function remember(worker: RunningWorker, turn: Turn): void {
  const { memory, clock, calendar, log, options } = worker
  const { result, began, messages, session, kept } = turn
  const ended = clock.now()
  const counted = countTurn({ ...memory.now(), session: kept }, { began, ended, result }, calendar)
  const { at: _, ...line } = counted.lastTurn
  log({
    type: 'turn',
    ...line,
    outcome: result.type,
    messages: messages.map(({ id }) => id),
    waitedMs: Math.max(0, began - Math.min(...messages.map(({ sentAt }) => sentAt))),
    fresh: session.type === 'new',
    ...getKnownTurnDetails(result),
  })
  const { session: left, ...others } = counted
  memory.changeSoon({ ...others, ...(options.session !== 'fresh' && { session: left }) })
}

type Turn = {
  kept: StoredWorkerSession | undefined
  session: WorkerSessionChoice
  messages: readonly MailboxMessage[]
  began: number
  result: WorkerTurnResult
}
