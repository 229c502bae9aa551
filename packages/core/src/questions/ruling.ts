import type { ApprovalRequest } from '@subagent-mcp/contract'
import type { Authority, Decision } from '@subagent-mcp/permissions'

/** The verdict as it comes in with the question, and until when (Unix milliseconds) somebody may answer. */
export type Ruling = Decision & {
  /** It is allowed as a parked question was: that yes is used up. */
  granted?: true
  until?: number
  /** The caller whose user is asked at once. */
  shownTo?: string
}

/** Whether the policy has answered: then it is no question to anybody. */
export function isAnsweredByPolicy(ruling: Ruling | undefined): ruling is PolicyAnswer {
  return ruling !== undefined && ruling.verdict !== 'ask'
}

/** An answer of the policy's. */
export type PolicyAnswer = Ruling & { verdict: 'allow' | 'deny' }

/** Whose call it is. */
export type JudgedAgent = { provider: string; cwd: string; project: string; authority: Authority }

/** Holds a call against the policy. It may look at the disk, so what it says is kept with the question. */
export type Judge = (request: Pick<ApprovalRequest, 'tool' | 'input'>, about: JudgedAgent) => Decision

/** Who can answer a question, besides the policy and the clock. */
export type AnswerChannel = 'elicitation' | 'tool' | 'terminal' | 'http'

/** Through what a question was answered. */
export type ResolvedBy = AnswerChannel | 'policy' | 'deadline'
