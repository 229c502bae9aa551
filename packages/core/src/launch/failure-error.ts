import { SubagentError, type ErrorCode, type Failure } from '@subagent-mcp/contract'

/** The error for a caller whose request failed with this failure. */
export function failureError({ reason, message, hint, resetsAt }: Failure): SubagentError {
  return new SubagentError(failureCode(reason), message, {
    ...(hint !== undefined && { hint }),
    ...(resetsAt !== undefined && { resetsAt }),
  })
}

export function failureCode(reason: Failure['reason']): ErrorCode {
  if (reason === 'not-installed' || reason === 'not-signed-in' || reason === 'budget-spent') return reason
  return reason === 'bad-request' || reason === 'model-unavailable' ? 'not-supported' : 'no-candidate'
}
