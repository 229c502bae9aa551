import type { Failure, FailureReason } from '@subagent-mcp/contract'

/** Whether every retry would fail the same way until a person changes something on the machine or in the launch. */
export function failureNeedsRepair({ reason, reasons = [reason] }: Failure): boolean {
  return reasons.every((each) => beyondTries.includes(each))
}

const beyondTries: readonly FailureReason[] = [
  'not-installed',
  'not-signed-in',
  'model-unavailable',
  'max-turns',
  'refused',
]
