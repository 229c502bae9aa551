import type { Clock } from '@subagent-mcp/contract'
import type { SqliteStore } from '@subagent-mcp/journal'
import type { MessageBatch } from '@subagent-mcp/mailbox'
import type { MailboxCommand, MailListeners, MailOutcome, MailWaiter } from '@subagent-mcp/mailbox/backing'
import type { SqlMailState } from './sql/sql-state.js'

/** A command whose caller waits for its outcome. */
type WaitingCommand = {
  command: MailboxCommand
  resolve(outcome: MailOutcome): void
  reject(cause: unknown): void
}

type GroupParts = {
  store: SqliteStore
  state: SqlMailState
  clock: Clock
  listeners: MailListeners
  /** Called after each commit, before anybody learns of it. */
  onCommit(at: number): void
}

/**
 * Applies the commands that arrive in one turn of the event loop in one transaction, because a commit writes each changed page
 * once. The same transaction takes the messages for calls that wait for them. Commands that follow immediately, such as the acknowledgement
 * after a reply, come in a second transaction before other requests are read. `flush` applies those that wait.
 */
export function createCommandGroups(parts: GroupParts): {
  run(command: MailboxCommand): Promise<MailOutcome>
  flush(): void
} {
  let waiting: WaitingCommand[] = []
  let isScheduled = false
  const flush = (): void => {
    const group = waiting
    waiting = []
    if (group.length > 0) applyGroup(parts, group)
  }
  const schedule = (): void => {
    isScheduled = true
    setImmediate(flush)
    // Runs directly after the first one and all promises that it has settled, before the event loop reads anything.
    setImmediate(() => {
      isScheduled = false
      flush()
    })
  }
  return {
    run: (command) =>
      new Promise((resolve, reject) => {
        waiting.push({ command, resolve, reject })
        if (!isScheduled) schedule()
      }),
    flush,
  }
}

/** Applies commands in one transaction, or each alone if that fails. Then messages are not taken, because that may be what failed. */
function applyGroup(parts: GroupParts, group: readonly WaitingCommand[], isRepeated = false): void {
  const { store, state, clock, listeners, onCommit } = parts
  const at = clock.now()
  const commands = group.map(({ command }) => command)
  const transaction = { hasBegun: false }
  let outcomes: readonly MailOutcome[]
  let taken: readonly TakenMail[] = []
  try {
    outcomes = store.write(() => {
      transaction.hasBegun = true
      const applied = state.applyAll(commands, at)
      if (!isRepeated) taken = takeForWaiting({ state, listeners, at }, listChangedAgents(applied))
      return applied
    })
  } catch (cause) {
    // Which of them failed is known only when each is tried alone. Without a transaction all have failed.
    if (isRepeated || !transaction.hasBegun) for (const { reject } of group) reject(cause)
    else for (const one of group) applyGroup(parts, [one], true)
    return
  }
  onCommit(at)
  for (const { waiter, batch } of taken) waiter.onChange(batch)
  listeners.tell(listChangedAgents([...outcomes, ...taken]))
  const resolveAll = (): void => {
    outcomes.forEach((outcome, index) => group[index]?.resolve(outcome))
  }
  // A call that has waited for a message goes on first, before an answer to its sender is written.
  if (taken.length > 0) setImmediate(resolveAll)
  else resolveAll()
}

type TakenMail = { waiter: MailWaiter; batch?: MessageBatch; changed: readonly string[] }

/** Takes messages for the calls that wait for them. Call it only inside `write`, with the agents that its commands have changed. */
function takeForWaiting(
  { state, listeners, at }: Pick<GroupParts, 'state' | 'listeners'> & { at: number },
  agents: readonly string[],
): TakenMail[] {
  return listeners.waitersOf(agents).flatMap((waiter) => {
    const command = waiter.take()
    if (command === undefined || !state.peek(command, at).actionable) return []
    const outcome = state.apply(command, at)
    const { changed } = outcome
    return [{ waiter, changed, ...(outcome.type === 'taken' && { batch: outcome.batch }) }]
  })
}

function listChangedAgents(outcomes: readonly Pick<MailOutcome, 'changed'>[]): readonly string[] {
  return [...new Set(outcomes.flatMap(({ changed }) => changed))]
}
