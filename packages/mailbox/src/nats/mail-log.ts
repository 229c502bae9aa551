import { type Clock, SubagentError } from '@subagent-mcp/contract'
import type { Command } from '../command.js'
import type { MailState } from '../mail-state.js'
import type { MailOutcome } from '../outcome.js'
import { createCommands } from './commands.js'
import { wordsOf, type Connection } from './connection.js'
import { createCopies, type Copies } from './copies.js'
import type { AppliedEntry } from './copy.js'
import { followLog } from './follow-log.js'
import type { StreamOrder } from './mail-stream.js'
import type { LogEntry } from './read-log.js'
import type { NatsServers } from './servers.js'

/** The log of commands on the servers, with this machine's copy of what they made. */
export type MailLog = {
  /** Resolves to what became of it, once the copy has it. @throws SubagentError `mailbox-unreachable` and others */
  run(command: Command): Promise<MailOutcome>
  /** As of the last line that was read; it is another object once the copy was made anew. */
  state(): MailState
  /** The servers' time. */
  now(): number
  /** Why it cannot be read or written now. */
  problem(): string | undefined
  close(): Promise<void>
}

export type MailLogOrder = {
  connection: Connection
  servers: NatsServers
  stream: StreamOrder
  clock: Clock
  /** How long a command waits for servers that do not answer. */
  deadlineMs: number
  /** In which this machine's copy is kept; without it, in memory. */
  folder?: string
  log(line: string): void
  /** Of each command of any machine that the copy has from now on. */
  onApplied(applied: AppliedCommand): void
  /** The copy was made anew: anything may be otherwise. */
  onReplaced(): void
}

export type AppliedCommand = Omit<Extract<AppliedEntry, { type: 'applied' }>, 'type' | 'id'>

/** Resolves when the copy has all that is in the log. @throws SubagentError `mailbox-unreachable`, `config-invalid` */
export async function openMailLog(order: MailLogOrder): Promise<MailLog> {
  const { connection, clock, stream, servers } = order
  const end = new AbortController()
  const time = createServerTime(order)
  const opening = createOpening(order)
  let problem: string | undefined
  const copies = createCopies({
    ...order,
    onReplaced: () => {
      opening.done()
      order.onReplaced()
    },
  })
  const problemNow = (): string | undefined => connection.problem() ?? problem
  const subject = stream.names.subject
  const commands = createCommands({ ...order, subject, problem: problemNow })
  const onEntry = createReader({ ...order, copies, settle: commands.settle, heard: time.heard })
  const onBegun = (at: number): void => {
    problem = undefined
    time.set(at)
  }
  const onProblem = (cause: unknown): void => {
    problem = cause instanceof SubagentError ? cause.message : wordsOf(cause, servers)
    opening.failed(cause, problem)
  }
  const following = followLog({ connection, stream, copies, clock, onEntry, onBegun, onProblem }, end.signal)
  const close = async (): Promise<void> => {
    end.abort()
    commands.close()
    await following
    copies.close()
  }
  try {
    await opening.opened
  } catch (cause) {
    await close()
    throw cause
  }
  return { run: commands.run, state: () => stateOf(copies), now: time.now, problem: problemNow, close }
}

function stateOf(copies: Copies): MailState {
  const state = copies.state()
  if (state === undefined) throw new SubagentError('mailbox-unreachable', 'the mailbox was closed')
  return state
}

/** Opening takes as long as there is more to read, and ends when the servers do not answer at all. */
function createOpening({ clock, deadlineMs, servers }: MailLogOrder) {
  let failure = 'no answer'
  let resolve = (): void => undefined
  let reject = (_error: unknown): void => undefined
  const opened = new Promise<void>((whenDone, whenNot) => {
    resolve = whenDone
    reject = whenNot
  })
  const startedAt = clock.now()
  return {
    opened,
    done: () => resolve(),
    failed: (cause: unknown, words: string) => {
      failure = words
      if (cause instanceof SubagentError && cause.code !== 'mailbox-unreachable') reject(cause)
      if (clock.now() - startedAt < deadlineMs) return
      reject(
        new SubagentError(
          'mailbox-unreachable',
          `the mailbox at ${servers.shown} cannot be opened: ${failure}`,
          {
            hint: 'has JetStream enabled there, and does this user have it? A cluster of less than three nodes needs mailbox.replicas',
          },
        ),
      )
    },
  }
}

/** The servers' clocks and ours may differ: leases run by theirs. */
function createServerTime({ clock, deadlineMs }: Pick<MailLogOrder, 'clock' | 'deadlineMs'>) {
  let ahead = 0
  return {
    now: () => clock.now() + ahead,
    /** The server says its time now. */
    set: (at: number) => {
      ahead = at - clock.now()
    },
    /** A line of ours is from then: it is no earlier, and later by no more than we wait, however clocks jumped since. */
    heard: (at: number) => {
      const least = at - clock.now()
      ahead = Math.min(Math.max(ahead, least), least + deadlineMs)
    },
  }
}

type ReaderOrder = MailLogOrder & {
  copies: Copies
  settle: ReturnType<typeof createCommands>['settle']
  heard(at: number): void
}

function createReader(order: ReaderOrder): (entry: LogEntry) => 'read-on' | 'begin-anew' {
  let told = false
  return (entry) => {
    const applied = order.copies.take(entry)
    switch (applied.type) {
      case 'discontinued':
        order.log('the mailbox’s log is another one now; reading it anew')
        return 'begin-anew'
      case 'lost': // it is told by who lost it
        return 'begin-anew'
      case 'unreadable':
        if (!told)
          order.log(
            `line ${entry.sequence} of the mailbox’s log cannot be read (${applied.problem}); is a newer version at work?`,
          )
        told = true
        return 'read-on'
      case 'failed':
        order.log(
          `line ${entry.sequence} of the mailbox’s log could not be applied: ${String(applied.cause)}`,
        )
        order.settle(applied)
        return 'read-on'
      case 'applied':
        if (order.settle(applied)) order.heard(applied.at)
        order.onApplied(applied)
        return 'read-on'
      case 'known':
        return 'read-on'
    }
  }
}
