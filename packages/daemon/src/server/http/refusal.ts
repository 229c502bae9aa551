import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { errorStatus } from '@subagent-mcp/api'

/** A request that is not carried out, and what its sender is told. */
export type Refusal = { status: number; error: SubagentError; headers?: Readonly<Record<string, string>> }

/** A refusal for a reason of HTTP's own, with the status that HTTP has for it. */
export function refusal(
  status: number,
  code: ErrorCode,
  message: string,
  more: Omit<Refusal, 'status' | 'error'> & { hint?: string } = {},
): Refusal {
  const { hint, ...rest } = more
  return { status, error: new SubagentError(code, message, hint === undefined ? {} : { hint }), ...rest }
}

/** What is told of something that was thrown. What is no error of ours is a fault here, of which no more is said. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof SubagentError) return { status: errorStatus[error.code], error }
  const hint = 'its log says more: subagent-mcp daemon logs'
  return { status: 500, error: new SubagentError('daemon-failed', 'the daemon failed', { hint }) }
}
