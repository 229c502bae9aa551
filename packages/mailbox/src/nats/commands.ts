import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { jetstream, JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import type { Command } from '../command.js'
import type { MailOutcome } from '../outcome.js'
import { wordsOf, type Connection } from './connection.js'
import type { AppliedEntry } from './copy.js'
import { encode } from './envelope.js'
import type { NatsServers } from './servers.js'

/** Puts commands in the log, and waits for what this machine's copy says of them. */
export type LoggedCommands = {
  /**
   * @throws SubagentError `mailbox-unreachable` when that takes too long: the command may still be in the log, or come
   * there; `invalid-parameter` when it is larger than the servers take
   */
  run(command: Command): Promise<MailOutcome>
  /** The copy has a line. True when it is one of ours. */
  settle(applied: Extract<AppliedEntry, { type: 'applied' | 'failed' }>): boolean
  /** Rejects all that wait. */
  close(): void
}

type CommandsOrder = {
  connection: Connection
  servers: NatsServers
  subject: string
  clock: Clock
  deadlineMs: number
  /** Why the log cannot be read now. */
  problem(): string | undefined
}

type WaitingMail = { resolve(outcome: MailOutcome): void; reject(error: SubagentError): void }

export function createCommands(order: CommandsOrder): LoggedCommands {
  const client = jetstream(order.connection.nats, { timeout: attemptMs })
  const waiting = new Map<string, WaitingMail>()
  const lines = createPublisher({ order, client, waiting })
  return {
    run: async (command) => {
      const id = randomUUID()
      const cancels: (() => void)[] = []
      try {
        return await new Promise<MailOutcome>((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          const giveUp = (): void => reject(lines.unreachable())
          cancels.push(order.clock.after(order.deadlineMs, giveUp))
          void lines.publish(id, encode({ id, command }))
        })
      } finally {
        waiting.delete(id)
        for (const cancel of cancels) cancel()
      }
    },
    settle: (applied) => {
      const own = waiting.get(applied.id)
      if (applied.type === 'applied') own?.resolve(applied.outcome)
      else own?.reject(unbearable(applied.cause))
      return own !== undefined
    },
    close: () => {
      for (const { reject } of waiting.values()) reject(lines.unreachable('it was closed'))
    },
  }
}

function unbearable(cause: unknown): SubagentError {
  return new SubagentError('io-failed', 'the mailbox could not apply a command', { cause })
}

type Publishing = { order: CommandsOrder; client: JetStreamClient; waiting: ReadonlyMap<string, WaitingMail> }

function createPublisher({ order, client, waiting }: Publishing) {
  let trouble: string | undefined
  return {
    unreachable: (why = trouble ?? order.problem() ?? 'no answer'): SubagentError =>
      new SubagentError('mailbox-unreachable', `the mailbox cannot be reached: ${why}`, {
        hint: `is NATS up at ${order.servers.shown}? What was asked for may still happen; a key makes a repeated send safe`,
      }),
    /** Again and again, until it is in the log or nobody waits for it. Never rejects. */
    publish: async (id: string, data: Uint8Array): Promise<void> => {
      for (let attempt = 0; waiting.has(id); attempt++) {
        try {
          if (order.connection.since() !== undefined) {
            await publishOnce({ client, order, id, data })
            trouble = undefined
            return
          }
          trouble = order.connection.problem()
        } catch (cause) {
          trouble = wordsOf(cause, order.servers)
          if (cause instanceof SubagentError) waiting.get(id)?.reject(cause)
        }
        await pause(Math.min(500, 25 * 2 ** attempt), undefined, { ref: false })
      }
    },
  }
}

/** How long an acknowledgement is waited for, before the same command is sent again. */
const attemptMs = 1_500

/** The server keeps a second one with this id from the log. @throws SubagentError for what no repeat makes better */
async function publishOnce(what: {
  client: JetStreamClient
  order: CommandsOrder
  id: string
  data: Uint8Array
}): Promise<void> {
  const { client, order, id, data } = what
  const longest = (order.connection.nats.info?.max_payload ?? Infinity) - headerBytes
  if (data.length > longest) throw tooLarge(data.length, longest)
  try {
    await client.publish(order.subject, data, { msgID: id })
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === messageTooLarge) throw tooLarge(data.length)
    if (!(cause instanceof errors.PermissionViolationError)) throw cause
    throw new SubagentError('mailbox-unreachable', `these credentials may not publish to ${order.subject}`, {
      hint: 'docs/fleet.md says what a mailbox’s user has to be allowed',
    })
  }
}

const messageTooLarge = 10_054
/** Room for the id and what else goes before the text. */
const headerBytes = 256

function tooLarge(bytes: number, longest?: number): SubagentError {
  const limit = longest === undefined ? '' : ` of ${longest} bytes`
  return new SubagentError('invalid-parameter', `${bytes} bytes are more than the servers’ limit${limit}`, {
    hint: 'put it in a file and send its path, or raise max_payload',
  })
}
