import type { Clock } from '@subagent-mcp/contract'
import type { MailState } from './mail-state.js'
import type { MessageBatch } from './mailbox.js'
import { createMailId } from './create-mail-id.js'
import type { MailListeners } from './mail-listeners.js'
import type { MailCommand } from './mailbox-command.js'
import type { NextMailCall } from './mailbox-storage.js'
import { createMailOutcomeError } from './refusals.js'

/** A state whose commands are applied in this process, with what a waiting call needs of it. */
export type LocalMailState = Pick<MailListeners, 'addWaiter'> & {
  state: MailState
  /** The time that leases are measured by, Unix milliseconds. */
  now(): number
  /** Reports changes by other processes, too, until `end` is called. */
  watch(): MailWatch
}

/** Reports changes by other processes from time to time, and at once with `lookNow`. */
export type MailWatch = { lookNow(): void; end(): void }

/** Takes messages for an agent. Waits for them until `waitMs` is over or the signal aborts. */
export async function waitForNextMail(
  local: LocalMailState,
  call: NextMailCall,
): Promise<MessageBatch | undefined> {
  const { options, signal, clock } = call
  const deadline = clock.now() + options.waitMs
  const others = options.waitMs > 0 ? local.watch() : undefined
  const alarm = createAlarm(signal)
  const removeWaiter = local.addWaiter(options.agent, {
    take: () => (alarm.isAwaited() ? createTakeCommand(call) : undefined),
    onChange: alarm.ring,
  })
  try {
    while (!signal.aborted) {
      alarm.set()
      const taken = await tryToTake(local, call)
      if (taken.type === 'taken') return await keepUnlessAborted(call, taken.batch)
      const left = deadline - clock.now()
      if (left <= 0) return undefined
      const batch = await alarm.wait(clock, Math.min(left, pauseBefore(taken.again, local.now())))
      if (batch) return await keepUnlessAborted(call, batch)
      const isDue = taken.again !== undefined && taken.again <= local.now()
      if (isDue || clock.now() < deadline) continue
      // Idle workers wait again and again, so the last try is left out when nothing has changed.
      others?.lookNow()
      if (!alarm.hasRung()) return undefined
    }
    return undefined
  } catch (cause) {
    if (signal.aborted) return undefined // for example because the mailbox was closed
    throw cause
  } finally {
    removeWaiter()
    others?.end()
    alarm.end()
  }
}

type Tried = { type: 'taken'; batch: MessageBatch } | { type: 'nothing'; again?: number }

async function tryToTake({ state, now }: LocalMailState, call: NextMailCall): Promise<Tried> {
  await call.removeGone(call.options.agent)
  const command = createTakeCommand(call)
  const look = state.peek(command, now())
  if (!look.actionable) return { type: 'nothing', ...(look.again !== undefined && { again: look.again }) }
  const outcome = await call.run(command)
  if (outcome.type === 'taken' || outcome.type === 'nothing') return outcome
  throw createMailOutcomeError(outcome)
}

function createTakeCommand({ rules, clock, options }: NextMailCall): MailCommand<'take'> {
  const { agent, instance, leaseMs, thread = null, limit } = options
  const { maxTries, backoffMs, longestBackoffMs } = rules
  const tries = { maxTries, backoffMs, longestBackoffMs }
  return { type: 'take', take: createMailId(clock.now()), agent, instance, thread, leaseMs, limit, tries }
}

/** Releases a batch whose caller has aborted. */
async function keepUnlessAborted(
  { release, signal }: NextMailCall,
  batch: MessageBatch,
): Promise<MessageBatch | undefined> {
  if (!signal.aborted) return batch
  await release(batch.take)
  return undefined
}

/** The pause before a waiting `next` looks again. It is short, because the death of a process that holds messages is not announced. */
function pauseBefore(again: number | undefined, now: number): number {
  return again === undefined ? Infinity : Math.min(Math.max(again - now, 1), longestPause)
}

const longestPause = 5_000

/**
 * Creates an alarm. After `set`, `wait` resolves when it has been rung, also when that was before `wait`; or when the time is over. It
 * resolves with the batch that it was rung with.
 */
function createAlarm(signal: AbortSignal) {
  let hasRung = false
  let stopWaiting: ((batch?: MessageBatch) => void) | undefined
  const ring = (batch?: MessageBatch): void => {
    hasRung = true
    stopWaiting?.(batch)
  }
  const onAbort = (): void => {
    ring()
  }
  signal.addEventListener('abort', onAbort)
  return {
    set: () => {
      hasRung = false
    },
    ring,
    hasRung: () => hasRung,
    /** Whether `wait` has not resolved yet. */
    isAwaited: () => stopWaiting !== undefined,
    wait: (clock: Clock, milliseconds: number) =>
      new Promise<MessageBatch | undefined>((resolve) => {
        stopWaiting = (batch) => {
          stopWaiting = undefined
          cancel()
          resolve(batch)
        }
        const cancel = clock.after(milliseconds, () => stopWaiting?.())
        if (hasRung || signal.aborted) stopWaiting()
      }),
    end: () => {
      signal.removeEventListener('abort', onAbort)
    },
  }
}
