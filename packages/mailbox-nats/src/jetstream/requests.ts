import { SubagentError, type Clock } from '@subagent-mcp/contract'
import { errors, headers, type MsgHdrs } from '@nats-io/transport-node'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { formatNatsError, type MailConnection } from '../servers/connection.js'
import type { ServerAddresses } from '../servers/server-urls.js'

/** Requests to JetStream. Each is repeated until it is answered or its time is over, so each must be safe to repeat. */
export type JetStreamRequests = {
  /**
   * Sends a request and parses its answer, which may be an error of JetStream with its `err_code`.
   * @throws SubagentError `mailbox-unreachable` when no server answers in time
   */
  ask<Answer>(
    subject: string,
    schema: z.ZodType<Answer>,
    body?: JetStreamRequestBody,
  ): Promise<JetStreamAnswer<Answer>>
  /** The error for servers that do not answer. */
  unreachable(problem: string): SubagentError
}

export type JetStreamRequestBody =
  | { json: unknown }
  | { data: Uint8Array; expectedSeq?: number; messageId?: string }
export type JetStreamAnswer<Answer> = { type: 'answer'; answer: Answer } | { type: 'error'; code: number }

export type JetStreamRequestsOptions = {
  connection: MailConnection
  servers: ServerAddresses
  clock: Clock
  deadlineMs: number
  /** Called when streams may be missing, at most every few seconds. */
  onMissing(): Promise<void>
}

/** Creates the requests of one connection. */
export function createJetStreamRequests(parts: JetStreamRequestsOptions): JetStreamRequests {
  const { connection, servers, clock, deadlineMs } = parts
  const unreachable = (problem: string): SubagentError =>
    new SubagentError('mailbox-unreachable', `the mailbox cannot be reached: ${problem}`, {
      hint: `does nats-server run at ${servers.shown}, with JetStream enabled for this user? The request may still be carried out; with a key a message can be sent again safely`,
    })
  const once = async (subject: string, body: JetStreamRequestBody | undefined): Promise<unknown> => {
    const { data, ...head } = encoded(body)
    const longest = (connection.nats.info?.max_payload ?? Infinity) - headerBytes
    if (data.length > longest) throw tooLarge(data.length, longest)
    const reply = await connection.nats.request(subject, data, { timeout: attemptMs, ...head })
    return reply.json()
  }
  return {
    unreachable,
    ask: async (subject, schema, body) => {
      const end = clock.now() + deadlineMs
      const missing = createMissing(parts)
      for (let wait = 25; ; wait = Math.min(2 * wait, 500)) {
        let problem: string
        try {
          const answer = await once(subject, body)
          const failed = PossibleError.parse(answer).error
          if (failed === undefined) return { type: 'answer', answer: schema.parse(answer) }
          if (!transient.has(failed.err_code)) return { type: 'error', code: failed.err_code }
          problem = failed.description
          if (failed.err_code === jetStreamErrorCodes.noStream) await missing.found()
        } catch (cause) {
          if (isFinal(cause)) throw explained(cause, subject, unreachable)
          problem = connection.problem() ?? formatNatsError(cause, servers)
          if (cause instanceof errors.RequestError && cause.isNoResponders()) await missing.found()
        }
        if (clock.now() + wait >= end) throw unreachable(problem)
        await pause(wait, undefined, { ref: false })
      }
    },
  }
}

/** The error codes of JetStream that this package distinguishes. */
export const jetStreamErrorCodes = {
  noMessage: 10_037,
  notDeleted: 10_057,
  noSeq: 10_043,
  noStream: 10_059,
  noConsumer: 10_014,
  wrongSeq: 10_071,
  tooLarge: 10_054,
}

/** Cluster or stream without a leader, a stream that was deleted, or one that is being created. */
const transient = new Set([
  10_003, 10_004, 10_005, 10_007, 10_008, 10_009, 10_023, 10_049, 10_059, 10_074, 10_077, 10_110,
])

/** How long an answer is waited for before the same request is sent again. */
const attemptMs = 2_000
/** A cluster that has just elected a leader may not know its streams yet. */
const missingMs = 3_000
const headerBytes = 256

const PossibleError = z.looseObject({
  error: z.looseObject({ err_code: z.number(), description: z.string() }).optional(),
})

function encoded(body: JetStreamRequestBody | undefined): { data: Uint8Array; headers?: MsgHdrs } {
  if (body === undefined) return { data: new Uint8Array() }
  if ('json' in body) return { data: new TextEncoder().encode(JSON.stringify(body.json)) }
  const { data, expectedSeq, messageId } = body
  const head = headers()
  if (expectedSeq !== undefined) head.set('Nats-Expected-Last-Subject-Sequence', `${expectedSeq}`)
  if (messageId !== undefined) head.set('Nats-Msg-Id', messageId)
  return { data, headers: head }
}

/** Has missing streams created again, when they are missing for some time. */
function createMissing({ clock, onMissing }: JetStreamRequestsOptions): { found(): Promise<void> } {
  let since: number | undefined
  return {
    found: async () => {
      since ??= clock.now()
      if (clock.now() - since < missingMs) return
      since = undefined
      await onMissing().catch(() => undefined) // the request reports the problem when its time is over
    },
  }
}

function isFinal(cause: unknown): boolean {
  if (cause instanceof SubagentError || cause instanceof z.ZodError) return true
  return [errors.ClosedConnectionError, errors.DrainingConnectionError, errors.PermissionViolationError].some(
    (final) => cause instanceof final || (cause instanceof Error && cause.cause instanceof final),
  )
}

function explained(
  cause: unknown,
  subject: string,
  unreachable: (problem: string) => SubagentError,
): SubagentError {
  if (cause instanceof SubagentError) return cause
  const isForbidden =
    cause instanceof errors.PermissionViolationError ||
    (cause instanceof Error && cause.cause instanceof errors.PermissionViolationError)
  if (isForbidden) {
    const words = `the mailbox’s user may not publish to ${subject}`
    return new SubagentError('mailbox-unreachable', words, {
      hint: 'docs/fleet.md lists the permissions that it needs',
    })
  }
  if (cause instanceof z.ZodError) return unreachable(`an answer to ${subject} cannot be read`)
  return unreachable('the mailbox is closed')
}

function tooLarge(bytes: number, longest: number): SubagentError {
  const words = `${bytes} bytes are more than the servers’ limit of ${longest} bytes`
  return new SubagentError('invalid-parameter', words, {
    hint: 'put the text in a file and send its path, or raise max_payload',
  })
}
