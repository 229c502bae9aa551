import { type Failure, mailPageSizes, omitUndefined, SubagentError } from '@subagent-mcp/contract'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { formatErrorOnOneLine } from './describe-error.js'
import type { RunningWorker } from './open-worker.js'
import { failureNeedsRepair } from './failure-needs-repair.js'
import type { WorkerTurnResult } from './run-worker-turn.js'
import { addKnownMessagesToSession } from './choose-worker-session.js'
import type { WorkerPause } from './worker-line.js'

/** The result of a worker's batch of messages. */
export type WorkerBatchResult =
  | { type: 'handled' }
  /** The mailbox retries the messages or gives up. With `rest` uncounted, because no turn succeeds before then. */
  | { type: 'failed'; rest?: WorkerPause }
  /** The messages wait uncounted, because every turn fails until a person repairs something. */
  | { type: 'blocked'; failure: Failure }
  | { type: 'lost' }
  | { type: 'unreachable' }
  | { type: 'stopped' }

/** Replies to a turn's messages and acknowledges them, or releases them. Waits while the mailbox is unreachable. */
export async function finishWorkerTurn(turn: FinishedTurn): Promise<WorkerBatchResult> {
  const { worker, result, stop } = turn
  switch (result.type) {
    case 'ended':
      return replyAndAcknowledge(turn, result)
    case 'failed':
      return afterFailure(turn, result.failure)
    case 'timed-out':
      return releaseAsFailed(turn, `no answer within ${minutes(worker.options.turnDeadlineMs)}`)
    case 'stopped':
      // An agent that somebody else has stopped counts as a failed attempt, so that it is not repeated forever.
      return stop.aborted
        ? releaseUncounted(turn, { type: 'stopped' })
        : releaseAsFailed(turn, 'somebody stopped the turn')
    case 'unreachable':
      return releaseUncounted(turn, { type: 'unreachable' })
    case 'lost':
      return { type: 'lost' }
  }
}

type FinishedTurn = {
  worker: RunningWorker
  take: string
  portion: readonly MailboxMessage[]
  result: WorkerTurnResult
  stop: AbortSignal
}

type Ended = WorkerTurnResult & { type: 'ended' }

async function replyAndAcknowledge(turn: FinishedTurn, result: Ended): Promise<WorkerBatchResult> {
  const { worker, take, portion, stop } = turn
  const text = result.text.trim()
  const open = text === '' ? await unanswered(turn) : []
  const replies: MailboxMessage[] = []
  for (const message of portion.filter(({ expectsReply }) => expectsReply && text !== '')) {
    // Also where the turn has replied itself: the mailbox keeps the first reply.
    const reply = await replyTo(turn, message, { ...result, text })
    if (reply !== undefined) replies.push(reply)
  }
  const done = portion.filter((message) => !open.includes(message))
  if (done.length > 0) await worker.contact.reach(() => worker.mail.acknowledge(take, done.map(idOf)), stop)
  rememberThreads(worker, [...done, ...replies])
  return open.length === 0
    ? { type: 'handled' }
    : releaseAsFailed({ ...turn, portion: open }, 'the turn ended without a word')
}

async function replyTo(
  turn: FinishedTurn,
  message: MailboxMessage,
  { text, model }: Ended,
): Promise<MailboxMessage | undefined> {
  const { mail, contact, options } = turn.worker
  const { name, host } = options
  const from = { name, host, through: 'agent', ...omitUndefined({ model }) } as const
  const body = cutTextToBytes(text, options.maxBytes)
  try {
    return (await contact.reach(() => mail.reply({ from, message: message.id, body }), turn.stop)).message
  } catch (error) {
    // The message was deleted while the turn ran.
    if (error instanceof SubagentError && error.code === 'unknown-message') return undefined
    throw error
  }
}

function rememberThreads({ memory, options }: RunningWorker, messages: readonly MailboxMessage[]): void {
  const { session } = memory.now()
  if (session === undefined || options.session === 'fresh') return
  const known = messages.filter(({ kind }) => kind !== 'event')
  memory.changeSoon({ session: addKnownMessagesToSession(session, known) })
}

/** Handles a failed turn. A rate limit is waited for and counts as no attempt, because every turn would meet it. */
function afterFailure(turn: FinishedTurn, failure: Failure): Promise<WorkerBatchResult> {
  if (failureNeedsRepair(failure)) return releaseUncounted(turn, { type: 'blocked', failure })
  const { reason, reasons = [reason], resetsAt } = failure
  const now = turn.worker.clock.now()
  const isLimited = reasons.includes('rate-limited') && resetsAt !== undefined && resetsAt > now
  if (!isLimited) return releaseAsFailed(turn, formatErrorOnOneLine(failure.message))
  const until = Math.min(resetsAt, now + longestRest)
  return releaseUncounted(turn, {
    type: 'failed',
    rest: { type: 'resting', reason: formatErrorOnOneLine(failure.message), until },
  })
}

/** Releases a turn's messages to the mailbox as a failed attempt. The mailbox knows which of them were answered. */
async function releaseAsFailed(
  { worker, take, portion, stop }: FinishedTurn,
  failure: string,
): Promise<WorkerBatchResult> {
  await worker.contact.reach(() => worker.mail.release(take, { ids: portion.map(idOf), failure }), stop)
  return { type: 'failed' }
}

/** Releases a turn's messages to the mailbox without counting an attempt. */
async function releaseUncounted(turn: FinishedTurn, handled: WorkerBatchResult): Promise<WorkerBatchResult> {
  const { worker, take, portion, stop } = turn
  await worker.contact.reach(() => worker.mail.release(take, { ids: portion.map(idOf) }), stop)
  return handled
}

/** The messages of a turn that expect a reply and have none yet, according to the mailbox. */
async function unanswered({ worker, portion, stop }: FinishedTurn): Promise<readonly MailboxMessage[]> {
  const expecting = portion.filter(({ expectsReply }) => expectsReply)
  const last = expecting.at(-1)
  if (last === undefined) return []
  const page = { before: last.seq + 1, limit: mailPageSizes.longest }
  const known = await worker.contact.reach(() => worker.mail.thread(last.thread, page), stop)
  const answered = new Set(known.filter(({ repliedBy }) => repliedBy !== undefined).map(idOf))
  return expecting.filter(({ id }) => !answered.has(id))
}

function idOf({ id }: MailboxMessage): string {
  return id
}

function minutes(milliseconds: number): string {
  return milliseconds < 120_000 ? `${String(milliseconds / 1000)} s` : `${String(milliseconds / 60_000)} min`
}

const longestRest = 6 * 3_600_000

/** Cuts a text to a number of UTF-8 bytes, with a note where something was cut. */
export function cutTextToBytes(text: string, longest: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= longest) return text
  const kept = bytes.subarray(0, Math.max(0, longest - Buffer.byteLength(cutNote)))
  // In stream mode, an incomplete character at the end is dropped.
  return new TextDecoder().decode(kept, { stream: true }) + cutNote
}

const cutNote = '\n… (cut)'
