/** The error codes of wrong requests. A closed set, so that callers switch on the code and never on message text. */
export type ErrorCode =
  | 'unknown-agent'
  | 'ambiguous-agent'
  | 'unknown-category'
  | 'unknown-definition'
  | 'definition-invalid'
  | 'unknown-provider'
  | 'unknown-parameter'
  | 'invalid-parameter'
  | 'model-without-provider'
  | 'effort-without-model'
  | 'cwd-missing'
  | 'agent-dead'
  | 'no-permission-pending'
  | 'needs-person'
  | 'above-ceiling'
  | 'not-installed'
  | 'not-signed-in'
  | 'not-supported'
  | 'no-candidate'
  | 'at-capacity'
  | 'too-many-launches'
  | 'unknown-recipient'
  | 'unknown-message'
  | 'name-taken'
  | 'request-id-used'
  | 'budget-spent'
  | 'already-running'
  | 'mailbox-unreachable'
  | 'daemon-unreachable'
  | 'daemon-failed'
  | 'config-invalid'
  | 'config-unreadable'
  | 'io-failed'

/** The error class of all packages, for bugs and wrong requests. What an agent does wrong is a `Failure` instead. */
export class SubagentError extends Error {
  override readonly name = 'SubagentError'
  readonly code: ErrorCode
  /** The next step that can help after this error. */
  readonly hint: string | undefined
  /** Unix milliseconds at which the rate limit ends that caused this error. */
  readonly resetsAt: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; resetsAt?: number; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.hint = options.hint
    this.resetsAt = options.resetsAt
  }
}
