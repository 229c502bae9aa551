import type { ApprovalRequest } from '@subagent-mcp/contract'
import type { CallerPermissions, ToolCallDecision } from '@subagent-mcp/permissions'

/** The policy's decision on a question, with the deadline and the user to ask. */
export type ToolCallRuling = ToolCallDecision & {
  /** The call was allowed by a grant, which is now used up. */
  granted?: true
  until?: number
  /** The caller whose user is asked before other callers get the question. */
  shownTo?: string
}

/** Whether the policy has allowed or denied the call, so that no person or model is asked. */
export function isDecidedByPolicy(ruling: ToolCallRuling | undefined): ruling is PolicyRuling {
  return ruling !== undefined && ruling.verdict !== 'ask'
}

export type PolicyRuling = ToolCallRuling & { verdict: 'allow' | 'deny' }

/** The agent whose tool call is judged. `source`: the folder of the user that `cwd` is a private copy of. */
export type JudgedAgent = {
  provider: string
  cwd: string
  source?: string
  project: string
  authority: CallerPermissions
}

/** Decides a tool call by the policy. It may read the disk, so its decision is journaled with the question. */
export type ToolCallJudge = (
  request: Pick<ApprovalRequest, 'tool' | 'input'>,
  about: JudgedAgent,
) => ToolCallDecision

/** The channels through which a person or a model can answer. */
export type PermissionAnswerChannel = 'elicitation' | 'tool' | 'terminal' | 'page' | 'http'

/** The channel or part of the supervisor that resolved a question. */
export type QuestionResolutionSource = PermissionAnswerChannel | 'policy' | 'deadline'
