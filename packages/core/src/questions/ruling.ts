import type { ApprovalRequest } from '@subagent-mcp/contract'
import type { Authority } from '@subagent-mcp/permissions'

/** What the policy says of a call that a CLI asks for, and by what of it, as `rule Bash(rm:*)`. */
export type Verdict =
  | { verdict: 'allow' | 'deny'; by: string }
  /** With `humanOnly` a model's yes does not count. */
  | { verdict: 'ask'; by: string; humanOnly: boolean }

/** The verdict as it comes in with the question, and until when (Unix milliseconds) somebody may answer. */
export type Ruling = Verdict & {
  /** It is allowed as a parked question was: that yes is used up. */
  granted?: true
  until?: number
  /** The caller whose user is asked at once. */
  shownTo?: string
}

/** Whether the policy has answered: then it is no question to anybody. */
export function isSettled(ruling: Ruling | undefined): ruling is Settled {
  return ruling !== undefined && ruling.verdict !== 'ask'
}

/** An answer of the policy's. */
export type Settled = Ruling & { verdict: 'allow' | 'deny' }

/** Whose call it is. */
export type Judged = { provider: string; cwd: string; project: string; authority: Authority }

/** Holds a call against the policy. It may look at the disk, so what it says is kept with the question. */
export type Judge = (request: Pick<ApprovalRequest, 'tool' | 'input'>, about: Judged) => Verdict

/** Who can answer a question, besides the policy and the clock. */
export type AnswerChannel = 'elicitation' | 'tool' | 'terminal' | 'http'

/** Through what a question was answered. */
export type Channel = AnswerChannel | 'policy' | 'deadline'
