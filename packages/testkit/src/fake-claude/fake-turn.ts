import { appendFileSync, readFileSync } from 'node:fs'
import { parseDirectives } from '../model-server/directives.js'
import { recallAnswer } from '../model-server/recollection.js'
import type { Refusal, Step } from '../model-server/step.js'
import { isOpenGate } from '../received-file.js'
import {
  assistantLine,
  deltaLine,
  limitLine,
  toolQuestion,
  replayLine,
  toolResult,
  type Line,
} from './lines.js'

/** A user message that was sent to a fake `claude`. */
export type UserMessage = { uuid: string; text: string }

/** How a turn of a fake `claude` ends. */
export type TurnResult =
  | { type: 'answered'; text: string }
  | { type: 'refused'; status: number }
  | { type: 'aborted' }
  | { type: 'cleared' }

/** A turn of a fake `claude`, which plays the directives of its newest message. */
export type FakeTurn = { go(): void; answer(allowed: boolean): void; interrupt(): void }

type TurnParts = {
  taken: readonly UserMessage[]
  /** The earlier texts of the conversation with the fake. */
  earlier: readonly string[]
  /** User messages that came during the turn. The fake reads them after its next tool. */
  waiting: UserMessage[]
  /** Whether a tool waits for the owner's answer before it runs. */
  asks: boolean
  write: (line: Line) => void
  finish: (messages: readonly UserMessage[], result: TurnResult) => void
}

/** Creates a turn of a fake `claude`, which does nothing before `go`. */
export function createFakeTurn({ taken, earlier, waiting, asks, write, finish }: TurnParts): FakeTurn {
  const messages = [...taken]
  let [steps, text] = [scriptOf(taken), '']
  let asking: string | undefined
  let gateTimer: NodeJS.Timeout | undefined

  const say = (words: string) => {
    text = words
    write(deltaLine(words))
    write(assistantLine({ type: 'text', text: words }))
  }
  const use = (tool: string, input: unknown) => {
    asking = `tool-${messages.length}-${steps.length}`
    write(assistantLine({ type: 'tool_use', id: asking, name: tool, input }))
    if (asks) write(toolQuestion(asking, tool, input))
    else toolEnds(true)
  }
  const toolEnds = (allowed: boolean) => {
    if (asking === undefined) return
    write(toolResult(asking, !allowed))
    asking = undefined
    const newer = waiting.splice(0)
    for (const { uuid, text } of newer) write(replayLine(uuid, text))
    messages.push(...newer)
    if (newer.length > 0) steps = scriptOf(newer)
    go()
  }
  const go = () => {
    const step = steps.shift()
    if (step === undefined) finish(messages, { type: 'answered', text })
    else if (step.type === 'status' && isRefused(step))
      refuse(step, write, (result) => finish(messages, result))
    else if (step.type === 'tool') use(step.tool, step.input)
    else if (step.type === 'gate') gateTimer = whenOpen(step.name, go)
    else if (step.type !== 'hang') {
      if (step.type === 'say') say(step.text)
      if (step.type === 'recall') say(recallAnswer(earlier))
      go()
    }
  }
  return {
    go,
    answer: toolEnds,
    interrupt: () => {
      clearInterval(gateTimer)
      if (asking !== undefined) write({ type: 'control_cancel_request', request_id: `may-${asking}` })
      finish(messages, { type: 'aborted' })
    },
  }
}

/** Calls `go` once the test has opened a gate, unless the returned timer is cleared before. */
function whenOpen(gate: string, go: () => void): NodeJS.Timeout {
  const timer = setInterval(() => {
    if (!isOpenGate(gate)) return
    clearInterval(timer)
    go()
  }, 20)
  return timer
}

/** Whether a refusal is not over: it may pass after a number of tries. */
function isRefused({ times }: Refusal): boolean {
  return times === undefined || countTry() <= times
}

/** Refuses a request; if it says when it may be sent again, that is when the account's limit ends. */
function refuse(
  { status, retryAfterSeconds }: Refusal,
  write: TurnParts['write'],
  finish: (result: TurnResult) => void,
): void {
  if (retryAfterSeconds !== undefined) write(limitLine(Math.floor(Date.now() / 1000) + retryAfterSeconds))
  finish({ type: 'refused', status })
}

/** Counts the tries of all fakes in this folder at a refusal that passes, and returns the number of this one. */
function countTry(): number {
  const file = 'fake-claude-tries'
  appendFileSync(file, 'x')
  return readFileSync(file, 'utf8').length
}

function scriptOf(messages: readonly UserMessage[]): Step[] {
  return [...parseDirectives(messages.at(-1)?.text ?? '')]
}
