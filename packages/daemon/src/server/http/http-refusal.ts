import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { httpStatusByErrorCode } from '@subagent-mcp/api'

/** The HTTP response to a refused request: status, error and headers. */
export type HttpRefusal = { status: number; error: SubagentError; headers?: Readonly<Record<string, string>> }

/** Creates the refusal of a malformed HTTP request, with the given status. */
export function createHttpRefusal(
  status: number,
  code: ErrorCode,
  message: string,
  more: Omit<HttpRefusal, 'status' | 'error'> & { hint?: string } = {},
): HttpRefusal {
  const { hint, ...rest } = more
  return { status, error: new SubagentError(code, message, hint === undefined ? {} : { hint }), ...rest }
}

/** Converts a thrown error to an HTTP response. An unexpected error becomes `daemon-failed` without details. */
export function convertErrorToHttpRefusal(error: unknown): HttpRefusal {
  if (error instanceof SubagentError) return { status: httpStatusByErrorCode[error.code], error }
  const hint = 'its log says more: subagent-mcp daemon logs'
  return { status: 500, error: new SubagentError('daemon-failed', 'the daemon failed', { hint }) }
}
