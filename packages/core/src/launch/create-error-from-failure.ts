import { SubagentError, type ErrorCode, type Failure } from '@subagent-mcp/contract'

/** The error for a caller whose request failed with this failure. */
export function createErrorFromFailure({ reason, message, hint, resetsAt }: Failure): SubagentError {
  return new SubagentError(mapFailureToErrorCode(reason), message, {
    ...(hint !== undefined && { hint }),
    ...(resetsAt !== undefined && { resetsAt }),
  })
}

export function mapFailureToErrorCode(reason: Failure['reason']): ErrorCode {
  if (reason === 'not-installed' || reason === 'not-signed-in' || reason === 'budget-spent') return reason
  return reason === 'bad-request' || reason === 'model-unavailable' ? 'not-supported' : 'no-candidate'
}
