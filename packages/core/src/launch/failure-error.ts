import { SubagentError, type ErrorCode, type Failure } from '@subagent-mcp/contract'

/** A failure that keeps an order from being carried out, as the error that the caller gets. */
export function failureError({ reason, message, hint, resetsAt }: Failure): SubagentError {
  return new SubagentError(failureCode(reason), message, {
    ...(hint !== undefined && { hint }),
    ...(resetsAt !== undefined && { resetsAt }),
  })
}

/** The code under which callers know a failure. */
export function failureCode(reason: Failure['reason']): ErrorCode {
  if (reason === 'not-installed' || reason === 'not-signed-in') return reason
  return reason === 'bad-request' || reason === 'model-unavailable' ? 'not-supported' : 'no-candidate'
}
