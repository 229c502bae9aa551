import { prettifyError, ZodError } from 'zod'
import { anthropic } from './dialects/anthropic.js'
import { unpairedToolCalls } from './conversation.js'
import type { AskedTurn, Dialect } from './dialects/dialect.js'
import { gemini } from './dialects/gemini.js'
import { openai } from './dialects/openai.js'

/** A request as read by the model server: one for the scripted model, or one with a fixed answer. */
export type Understood = ({ type: 'turn' } & TurnRequest) | FixedAnswer

/** A request for a turn of the model, and the API in which it was asked. */
export type TurnRequest = { dialect: Dialect; asked: AskedTurn }

/** A fixed answer of the model server, without the scripted model. */
export type FixedAnswer = {
  type: 'fixed'
  kind: 'count-tokens' | 'unreadable' | 'other'
  dialect: Dialect | undefined
  status: number
  answer: unknown
}

/** Finds the model API of a request by its path. Any other path is a 404, which a test can look for in the log. */
export function understand(request: { method: string; path: string; body: unknown }): Understood {
  const { method, path, body } = request
  for (const dialect of [anthropic, openai, gemini]) {
    const understood = method === 'POST' ? asIn(dialect, path, body) : undefined
    if (understood !== undefined) return understood
  }
  const fixed = { type: 'fixed', kind: 'other', dialect: undefined } as const
  if (method === 'HEAD') return { ...fixed, status: 200, answer: undefined }
  const answer = { type: 'error', error: { type: 'not_found_error', message: `no ${method} ${path} here` } }
  return { ...fixed, status: 404, answer }
}

function asIn(dialect: Dialect, path: string, body: unknown): Understood | undefined {
  try {
    const asked = dialect.read(path, body)
    if (asked?.type !== 'turn')
      return asked && { type: 'fixed', kind: 'count-tokens', dialect, status: 200, answer: asked.answer }
    const unpaired = unpairedToolCalls(asked.conversation)
    return unpaired === undefined ? { type: 'turn', dialect, asked } : refused(dialect, unpaired)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    return refused(dialect, prettifyError(error))
  }
}

function refused(dialect: Dialect, message: string): FixedAnswer {
  const answer = dialect.refusal({ status: 400, message })
  return { type: 'fixed', kind: 'unreadable', dialect, status: 400, answer }
}
