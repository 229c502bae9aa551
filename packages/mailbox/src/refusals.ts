import { SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import type { MailboxMessage, MessageSender } from './mailbox.js'
import type { MailOutcome, MailRefusalCode } from './mail-outcome.js'

// The refusals and notices that every mailbox uses, in memory and in SQLite.

/** The outcome of a command that changes nothing because of a wrong parameter, an unknown name or a taken one. */
export function createRefusedMailOutcome(code: MailRefusalCode, message: string, hint?: string): MailOutcome {
  return { type: 'refused', code, message, ...(hint !== undefined && { hint }), changed: [] }
}

/** The error for an outcome that a command must not have: the reason of a refusal, or a bug. */
export function createMailOutcomeError(outcome: MailOutcome): Error {
  if (outcome.type !== 'refused') return new Error(`a command of the mailbox became ${outcome.type}`)
  const { code, message, hint } = outcome
  return new SubagentError(code, message, hint === undefined ? {} : { hint })
}

export function createKeyReusedRefusal(from: MessageSender, key: string | undefined): MailOutcome {
  const words = `${from.name} has sent something else by the key ${key ?? ''} before`
  return createRefusedMailOutcome('invalid-parameter', words, 'a key stands for one message: use a new one')
}

/** The refusal of a message to an unknown agent. `known` lists the first known names. */
export function createUnknownRecipientRefusal(to: string, known: readonly string[]): MailOutcome {
  const hint = known.length === 0 ? 'no agent is known yet' : `known are: ${known.join(', ')}`
  return createRefusedMailOutcome('unknown-recipient', `no agent is named ${to}`, hint)
}

export function createNameTakenRefusal(
  name: string,
  other: { project: string; pid: number; host: string },
): MailOutcome {
  const holder = `process ${other.pid} on ${other.host}`
  const taken = `the name ${name} is taken: ${holder} handles its messages for ${other.project}`
  return createRefusedMailOutcome('name-taken', taken, 'give it another name, or end that process')
}

/** The refusal of a reply by an agent that may not answer the message; `undefined` for one that may. */
export function findReplyRefusal(original: MailboxMessage, from: MessageSender): MailOutcome | undefined {
  const { id, to } = original
  if (to !== from.name) {
    const theirs = `message ${id} was sent to ${to}: only ${to} can reply to it`
    return createRefusedMailOutcome('invalid-parameter', theirs, 'send a message instead')
  }
  if (original.from.through !== 'mailbox') return undefined
  return createRefusedMailOutcome(
    'invalid-parameter',
    `message ${id} is of the mailbox itself: nobody reads a reply`,
  )
}

export function formatDeadLetterNotice({ kind, topic, id, to }: MailboxMessage, failure: string): string {
  const what = kind === 'event' ? `event ${topic ?? ''}` : `message ${id}`
  return `Your ${what} to ${to} was not handled: ${failure}. It is a dead letter now, and will not be tried again.`
}

export function hashMessageContent(content: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
