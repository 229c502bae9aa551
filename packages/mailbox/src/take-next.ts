import { newMailId } from './new-mail-id.js'
import type { Clock } from '@subagent-mcp/contract'
import { checkMailAgentName } from './check-input.js'
import type { MessageBatch, NextMailOptions } from './mailbox.js'
import { removeGoneMailHandlers, type OpenMailboxParts } from './open-mailbox.js'
import { mailOutcomeError } from './refusals.js'

/** Takes messages for an agent. Waits for them until `waitMs` is over or the signal aborts. */
export async function waitForNextMail(
  parts: OpenMailboxParts,
  options: NextMailOptions,
  signal: AbortSignal,
): Promise<MessageBatch | undefined> {
  checkMailAgentName(options.agent)
  const { backing, clock } = parts
  const deadline = clock.now() + options.waitMs
  const unwatch = options.waitMs > 0 ? backing.watch() : () => undefined
  const alarm = createAlarm(signal)
  const unheard = backing.onChange((agents) => {
    if (agents.includes(options.agent)) alarm.ring()
  })
  try {
    while (!signal.aborted) {
      alarm.set()
      const taken = await tryToTake(parts, options)
      if (taken.type === 'taken') return await keepUnlessAborted(parts, taken.batch, signal)
      const left = deadline - clock.now()
      if (left <= 0) return undefined
      await alarm.rung(clock, Math.min(left, pauseBefore(taken.again, backing.now())))
    }
    return undefined
  } catch (cause) {
    if (signal.aborted) return undefined // for example because the mailbox was closed
    throw cause
  } finally {
    unheard()
    unwatch()
    alarm.end()
  }
}

type Tried = { type: 'taken'; batch: MessageBatch } | { type: 'nothing'; again?: number }

async function tryToTake(parts: OpenMailboxParts, options: NextMailOptions): Promise<Tried> {
  const { backing, rules, run, clock } = parts
  const { agent, instance, leaseMs, thread, limit = defaultLimit } = options
  await removeGoneMailHandlers(parts, agent)
  const look = backing
    .state()
    .peek({ agent, instance, ...(thread !== undefined && { thread }) }, backing.now())
  if (!look.actionable) return { type: 'nothing', ...(look.again !== undefined && { again: look.again }) }
  const { maxTries, backoffMs, longestBackoffMs } = rules
  const tries = { maxTries, backoffMs, longestBackoffMs }
  const who = { take: newMailId(clock.now()), agent, instance, thread: thread ?? null }
  const outcome = await run({ type: 'take', ...who, leaseMs, limit, tries })
  if (outcome.type === 'taken' || outcome.type === 'nothing') return outcome
  throw mailOutcomeError(outcome)
}

/** The number of messages that one turn can handle. */
const defaultLimit = 32

/** Releases a batch whose caller has aborted. */
async function keepUnlessAborted(
  { backing, rules }: OpenMailboxParts,
  batch: MessageBatch,
  signal: AbortSignal,
): Promise<MessageBatch | undefined> {
  if (!signal.aborted) return batch
  await backing.run({ type: 'release', take: batch.take, ids: null, failure: null, tries: rules })
  return undefined
}

/** The pause before a waiting `next` looks again. It is short, because the death of a process that holds messages is not announced. */
function pauseBefore(again: number | undefined, now: number): number {
  return again === undefined ? Infinity : Math.min(Math.max(again - now, 1), longestPause)
}

const longestPause = 5_000

/** Creates an alarm. After `set` its `rung` resolves once, also when `ring` was called before `rung`. */
function createAlarm(signal: AbortSignal) {
  let ring = (): void => undefined
  let isRung = Promise.resolve()
  const onAbort = (): void => {
    ring()
  }
  signal.addEventListener('abort', onAbort)
  return {
    set: () => {
      isRung = new Promise((resolve) => {
        ring = resolve
      })
    },
    ring: () => {
      ring()
    },
    rung: async (clock: Clock, milliseconds: number) => {
      const cancel = clock.after(milliseconds, onAbort)
      if (signal.aborted) ring()
      await isRung
      cancel()
    },
    end: () => {
      signal.removeEventListener('abort', onAbort)
    },
  }
}
