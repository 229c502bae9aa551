import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { errorStatus } from '@subagent-mcp/api'

/** A refused request: its HTTP status, error and headers. */
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

/** The answer to a thrown error. An unexpected error is reported as `daemon-failed` without details. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof SubagentError) return { status: errorStatus[error.code], error }
  const hint = 'its log says more: subagent-mcp daemon logs'
  return { status: 500, error: new SubagentError('daemon-failed', 'the daemon failed', { hint }) }
}
