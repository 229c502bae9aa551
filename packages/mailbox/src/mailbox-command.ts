import type { MailPublishOptions, MailboxLimits, MailRegistration, MessageSender } from './mailbox.js'

/**
 * A change of a mailbox, as data. A command and its time alone decide its effect, so the memory and the SQLite mailbox can be
 * compared by a test. Therefore new ids and the handlers that are gone are part of the command.
 */
export type MailboxCommand =
  | (MailRegistration & {
      type: 'register'
      /** The id of the open mailbox through which the handler registered. When that mailbox is gone, so is the handler. */
      keeper: string
    })
  /** Removes handlers that are gone. */
  | { type: 'leave'; instances: readonly string[]; maxTries: number }
  | {
      type: 'send'
      id: string
      from: MessageSender
      to: string
      body: string
      thread: string
      key?: string
      expectsReply: boolean
    }
  | { type: 'reply'; id: string; from: MessageSender; message: string; body: string }
  | (MailPublishOptions & { type: 'publish'; id: string })
  | {
      type: 'take'
      take: string
      agent: string
      instance: string
      leaseMs: number
      limit: number
      thread: string | null
      tries: Tries
    }
  | { type: 'renew'; take: string; leaseMs: number }
  | { type: 'acknowledge'; take: string; ids: readonly string[] | null }
  | { type: 'release'; take: string; ids: readonly string[] | null; failure: string | null; tries: Tries }
  | { type: 'read'; agent: string; ids: readonly string[] | null; limit: number }
  | { type: 'revive'; id: string }
  | { type: 'tidy'; keepMs: number }

type Tries = Pick<MailboxLimits, 'maxTries' | 'backoffMs' | 'longestBackoffMs'>

export type MailCommand<Type extends MailboxCommand['type']> = Extract<MailboxCommand, { type: Type }>
