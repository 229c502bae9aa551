import type { MailboxCommand, MailCommand } from './mailbox-command.js'
import type {
  MailAgent,
  MailList,
  MailboxMessage,
  MailPageLimit,
  MailPageAfter,
  MailPageBefore,
  MailboxThread,
  UntakenMailCount,
} from './mailbox.js'
import type { MailOutcome } from './mail-outcome.js'

/** The state of a mailbox in memory or in a SQLite file. */
export type MailState = {
  /**
   * Applies a command in one transaction. `at` is the command's time in Unix milliseconds. A time up to `maxClockDriftMs` before
   * that of the last command counts as the last command's time; an earlier one means that a wrong clock was set right.
   */
  apply(command: MailboxCommand, at: number): MailOutcome
  /**
   * Whether a take would find messages now. If not, `again` is the time at which it may without another command. Messages
   * that the same instance holds count, because a take releases them first.
   */
  peek(query: TakeableMailQuery, at: number): { actionable: boolean; again?: number }
  /** The registered handlers of one agent, or of all; their processes may be gone. */
  handlers(agent?: string): readonly (MailAgent['handlers'][number] & { agent: string; keeper: string })[]
  names(): readonly string[]
  /** All agents with their registered handlers, whose processes may be gone. */
  agents(): readonly MailAgent[]
  inbox(agent: string, page?: MailPageAfter): readonly MailboxMessage[]
  quiet(agent: string, page?: MailPageAfter): readonly MailboxMessage[]
  waiting(): readonly UntakenMailCount[]
  threads(query: { agent?: string } & MailPageLimit): readonly MailboxThread[]
  /** The newest messages of a thread, oldest first; empty for an unknown thread. */
  thread(id: string, page?: MailPageBefore): readonly MailboxMessage[]
  dead(query: { agent?: string } & MailPageLimit): readonly MailboxMessage[]
  sent(page?: MailPageAfter): readonly MailboxMessage[]
  count(list: MailList): number
}

/** The reads of a mailbox, from a state in this process or from servers. */
export type MailReader = {
  [Name in keyof Omit<MailState, 'apply' | 'peek' | 'names'>]: (
    ...args: Parameters<MailState[Name]>
  ) => ReturnType<MailState[Name]> | Promise<ReturnType<MailState[Name]>>
}

/** The agent and handler of a take, and its thread if only one is wanted. */
export type TakeableMailQuery = Pick<MailCommand<'take'>, 'agent' | 'instance' | 'thread'>

/** The clocks of a fleet's servers may differ by this many milliseconds. */
export const maxClockDriftMs = 60_000
