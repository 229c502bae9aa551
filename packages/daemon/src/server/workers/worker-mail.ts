import { joinAbortSignals, type MessageBatch } from '@subagent-mcp/mailbox'
import type { DaemonPort } from '../port.js'

/** The mailbox messages that each connected worker has taken, also those that are being sent to it. */
export type HeldMail = {
  enter(instance: string): void
  /** Takes mail for a worker. A worker that has left or was disconnected gets none, and none stays taken for it. */
  take(order: TakeOptions): Promise<MessageBatch | undefined>
  /** Ends all waits for messages, so that no worker takes what another one releases. */
  end(): void
  /** Releases the mail of a worker that the daemon disconnects: no failed try. Resolves when none is held. @throws errors of the mailbox */
  giveBack(instance: string): Promise<void>
  /** Forgets a worker that has left by itself. Resolves when only mail that it really received is held for it. Never rejects. */
  forget(instance: string): Promise<void>
}

/** The worker for which mail is taken, and the call that takes it; `ask` gives up when its signal aborts. */
export type TakeOptions = {
  instance: string
  signal: AbortSignal
  ask(signal: AbortSignal): Promise<MessageBatch | undefined>
}

type Holding = { takes: Set<string>; underWay: Set<Promise<unknown>>; over: AbortController }

export function createHeldMail({ mailbox }: Pick<DaemonPort, 'mailbox'>): HeldMail {
  const holdings = new Map<string, Holding>()
  return {
    enter: (instance) => {
      holdings.set(instance, { takes: new Set(), underWay: new Set(), over: new AbortController() })
    },
    take: async (order) => {
      const holding = holdings.get(order.instance)
      if (!holding) return order.ask(order.signal)
      if (holding.over.signal.aborted) return undefined
      const asking = askFor(holding, order, mailbox)
      holding.underWay.add(asking)
      return asking.finally(() => holding.underWay.delete(asking))
    },
    end: () => {
      for (const { over } of holdings.values()) over.abort()
    },
    giveBack: async (instance) => {
      const { takes = [], underWay = [] } = holdings.get(instance) ?? {}
      const released = [...takes].map((take) => mailbox.release(take))
      await Promise.all([...released, ...underWay])
    },
    forget: async (instance) => {
      const holding = holdings.get(instance)
      if (!holding) return
      holdings.delete(instance)
      holding.over.abort()
      await Promise.allSettled(holding.underWay)
    },
  }
}

async function askFor(
  { takes, underWay, over }: Holding,
  { ask, signal }: TakeOptions,
  mailbox: DaemonPort['mailbox'],
): Promise<MessageBatch | undefined> {
  const either = joinAbortSignals([signal, over.signal])
  try {
    const batch = await ask(either.signal)
    if (batch && over.signal.aborted) {
      await mailbox.release(batch.take)
      return undefined
    }
    // What it held before went back by that, unless it asked twice at once.
    if (batch && underWay.size === 1) takes.clear()
    if (batch) takes.add(batch.take)
    return batch
  } finally {
    either.part()
  }
}
