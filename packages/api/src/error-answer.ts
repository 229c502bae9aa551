import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { z } from 'zod'

export const ErrorAnswer = z
  .looseObject({
    error: z.looseObject({
      code: z.string(),
      message: z.string(),
      hint: z.string().exactOptional(),
      resetsAt: z.number().describe("when the provider's limit ends, in Unix milliseconds").exactOptional(),
    }),
  })
  .meta({ id: 'ErrorAnswer' })
export type ErrorAnswer = { error: { code: ErrorCode; message: string; hint?: string; resetsAt?: number } }

export const httpStatusByErrorCode: Readonly<Record<ErrorCode, number>> = {
  'unknown-category': 400,
  'definition-invalid': 400,
  'unknown-provider': 400,
  'unknown-parameter': 400,
  'invalid-parameter': 400,
  'model-without-provider': 400,
  'effort-without-model': 400,
  'cwd-missing': 400,
  'ambiguous-agent': 400,
  'needs-person': 403,
  'above-ceiling': 403,
  'unknown-agent': 404,
  'unknown-definition': 404,
  'unknown-recipient': 404,
  'unknown-message': 404,
  'agent-dead': 409,
  'name-taken': 409,
  'request-id-used': 409,
  'budget-spent': 409,
  'already-running': 409,
  'no-permission-pending': 409,
  'not-supported': 409,
  'too-many-launches': 429,
  'at-capacity': 503,
  'not-installed': 503,
  'not-signed-in': 503,
  'no-candidate': 503,
  'daemon-unreachable': 503,
  'mailbox-unreachable': 503,
  'config-invalid': 500,
  'config-unreadable': 500,
  'io-failed': 500,
  'daemon-failed': 500,
}

/** Converts an error to the body of its HTTP response: never its stack or its cause. */
export function createErrorAnswer({ code, message, hint, resetsAt }: SubagentError): ErrorAnswer {
  return {
    error: {
      ...{ code, message },
      ...(hint !== undefined && { hint }),
      ...(resetsAt !== undefined && { resetsAt }),
    },
  }
}

/** Converts the body of an error response to a SubagentError; `daemon-failed` for a body that is none. */
export function parseErrorAnswer(status: number, answer: unknown): SubagentError {
  const parsed = ErrorAnswer.safeParse(answer)
  if (!parsed.success) return new SubagentError('daemon-failed', `the daemon answered with status ${status}`)
  const { code, message, hint, resetsAt } = parsed.data.error
  const options = {
    ...(hint !== undefined && { hint }),
    ...(resetsAt !== undefined && { resetsAt }),
  }
  return new SubagentError(isSubagentErrorCode(code) ? code : 'daemon-failed', message, options)
}

export function isSubagentErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(httpStatusByErrorCode, code)
}
