import { SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import type { Message, Sender } from './mailbox.js'
import type { MailOutcome, MailRefusalCode } from './outcome.js'

// The refusals and notices that every mailbox uses, in memory and in SQLite.

/** The outcome of a command that changes nothing because of a wrong parameter, an unknown name or a taken one. */
export function createRefusedOutcome(code: MailRefusalCode, message: string, hint?: string): MailOutcome {
  return { type: 'refused', code, message, ...(hint !== undefined && { hint }), changed: [] }
}

/** The error for an outcome that a command must not have: the reason of a refusal, or a bug. */
export function mailOutcomeError(outcome: MailOutcome): Error {
  if (outcome.type !== 'refused') return new Error(`a command of the mailbox became ${outcome.type}`)
  const { code, message, hint } = outcome
  return new SubagentError(code, message, hint === undefined ? {} : { hint })
}

export function createKeyReusedRefusal(from: Sender, key: string | undefined): MailOutcome {
  const words = `${from.name} has sent something else by the key ${key ?? ''} before`
  return createRefusedOutcome('invalid-parameter', words, 'a key stands for one message: use a new one')
}

/** The refusal of a message to an unknown agent. `known` lists the first known names. */
export function createUnknownRecipientRefusal(to: string, known: readonly string[]): MailOutcome {
  const hint = known.length === 0 ? 'no agent is known yet' : `known are: ${known.join(', ')}`
  return createRefusedOutcome('unknown-recipient', `no agent is named ${to}`, hint)
}

export function createNameTakenRefusal(
  name: string,
  other: { project: string; pid: number; host: string },
): MailOutcome {
  const holder = `process ${other.pid} on ${other.host}`
  const taken = `the name ${name} is taken: ${holder} handles its messages for ${other.project}`
  return createRefusedOutcome('name-taken', taken, 'give it another name, or end that process')
}

/** The refusal of a reply by an agent that may not answer the message; `undefined` for one that may. */
export function findReplyRefusal(original: Message, from: Sender): MailOutcome | undefined {
  const { id, to } = original
  if (to !== from.name) {
    const theirs = `message ${id} was sent to ${to}: only ${to} can reply to it`
    return createRefusedOutcome('invalid-parameter', theirs, 'send a message instead')
  }
  if (original.from.through !== 'mailbox') return undefined
  return createRefusedOutcome(
    'invalid-parameter',
    `message ${id} is of the mailbox itself: nobody reads a reply`,
  )
}

export function formatDeadLetterNotice({ kind, topic, id, to }: Message, failure: string): string {
  const what = kind === 'event' ? `event ${topic ?? ''}` : `message ${id}`
  return `Your ${what} to ${to} was not handled: ${failure}. It is a dead letter now, and will not be tried again.`
}

export function hashMessageContent(content: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
