import { appendFileSync } from 'node:fs'
import { parseDirectives } from '../model-server/directives.js'
import { recallAnswer } from '../model-server/recollection.js'
import type { Step } from '../model-server/step.js'
import type { FakeAcpBehaviour } from './behaviour.js'
import { textChunk, toolQuestion, update, type WriteLine } from './lines.js'
import { crashFake } from './misbehave.js'

/** How a turn of a fake ACP agent ends. */
export type TurnResult =
  | { type: 'answered' }
  | { type: 'cancelled' }
  | { type: 'refused'; status: number; message: string }

/** A turn of a fake ACP agent, which plays the directives of its prompt. */
export type FakeTurn = { go(): void; answer(allowed: boolean): void; cancel(): void }

type TurnParts = {
  sessionId: string
  text: string
  /** The earlier texts of the conversation with the fake. */
  earlier: readonly string[]
  behaviour: FakeAcpBehaviour
  /** Whether tools run without asking. */
  allowed: boolean
  write: WriteLine
  finish: (result: TurnResult) => void
}

/** Creates a turn of a fake ACP agent, which does nothing before `go`. */
export function createFakeTurn(parts: TurnParts): FakeTurn {
  const { sessionId, text, earlier, behaviour, allowed, write, finish } = parts
  const steps: Step[] = [...parseDirectives(text)]
  let asking: string | undefined

  const use = (tool: string, input: unknown) => {
    const call = { toolCallId: `call-${steps.length}`, title: tool, kind: 'execute', rawInput: input }
    asking = call.toolCallId
    if (!allowed) write(toolQuestion(sessionId, call, behaviour))
    else {
      write(update(sessionId, { sessionUpdate: 'tool_call', ...call, status: 'in_progress' }))
      ran(call.toolCallId)
    }
  }
  const ran = (toolCallId: string) => {
    asking = undefined
    const content = [{ type: 'content', content: { type: 'text', text: 'it ran' } }]
    write(update(sessionId, { sessionUpdate: 'tool_call_update', toolCallId, status: 'completed', content }))
    go()
  }
  const go = (): void => {
    const step = steps.shift()
    if (step === undefined) finish({ type: 'answered' })
    else if (step.type === 'status' && step.times === undefined) {
      finish({ type: 'refused', status: step.status, message: step.message ?? 'no' })
    } else if (step.type === 'tool') use(step.tool, step.input)
    else if (step.type === 'cut') crashFake()
    else if (step.type !== 'hang') {
      if (step.type === 'say') write(textChunk(sessionId, 'agent', step.text))
      if (step.type === 'recall') write(textChunk(sessionId, 'agent', recallAnswer(earlier)))
      if (step.type === 'status') logRetries(step.status, step.times ?? 0)
      go()
    }
  }
  return {
    go,
    answer: (yes) => {
      if (yes && asking !== undefined) ran(asking)
      else go()
    },
    cancel: () => finish({ type: 'cancelled' }),
  }
}

/** Writes retries to the agent's log, as only Gemini reports them there. */
function logRetries(status: number, times: number): void {
  for (let attempt = 1; attempt <= times; attempt += 1) {
    const words = `Attempt ${attempt} failed with status ${status}. Retrying with backoff... _ApiError: `
    const error = JSON.stringify({ error: { code: status, message: 'too much', details: [] } })
    appendFileSync(process.env['GEMINI_DEBUG_LOG_FILE'] ?? '/dev/null', `[now] [WARN] ${words}${error}\n`)
  }
}
