import type { Command } from './command.js'
import type {
  KnownAgent,
  MailList,
  Message,
  Page,
  PageAfter,
  PageBefore,
  Thread,
  WaitingMail,
} from './mailbox.js'
import type { Outcome } from './outcome.js'

/** The state of a mailbox in one SQLite database: the same for a file and for a machine's copy in memory. */
export type MailState = {
  /**
   * One transaction. `at`: when it counts, Unix milliseconds; one a little before an earlier command's counts as that one's,
   * one long before as the end of a clock's error. The same commands in the same order make the same rows, wherever they are applied.
   */
  apply(command: Command, at: number): Outcome
  /**
   * Whether taking could bring something now, and if not, when that may be otherwise without another command. Spares a
   * command that would bring nothing; what the same instance holds could be taken anew.
   */
  peek(order: TakeQuery, at: number): { actionable: boolean; again?: number }
  /** All that are registered, alive or not; of one agent, or of all. */
  handlers(agent?: string): readonly (KnownAgent['handlers'][number] & { agent: string; keeper: string })[]
  /** Of all agents. */
  names(): readonly string[]
  /** With all handlers that are registered, alive or not. */
  agents(): readonly KnownAgent[]
  inbox(agent: string, page?: PageAfter): readonly Message[]
  quiet(agent: string, page?: PageAfter): readonly Message[]
  waiting(): readonly WaitingMail[]
  threads(query: { agent?: string } & Page): readonly Thread[]
  /** Empty when there is none. */
  thread(id: string, page?: PageBefore): readonly Message[]
  dead(query: { agent?: string } & Page): readonly Message[]
  count(list: MailList): number
}

/** Who would take, and of which thread. */
export type TakeQuery = { agent: string; instance: string; thread?: string }

/** The clocks of a fleet's servers may differ by this many milliseconds. */
export const longestDrift = 60_000
