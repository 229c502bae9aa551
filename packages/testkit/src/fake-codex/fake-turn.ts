import { parseDirectives } from '../model-server/directives.js'
import { recallAnswer } from '../model-server/recollection.js'
import type { Step } from '../model-server/step.js'
import type { Line } from './lines.js'
import { crashFake } from './misbehave.js'

/** A turn of a fake `codex`, which plays the directives of its newest message. */
export type FakeTurn = {
  id: string
  go(): void
  answer(allowed: boolean): void
  steer(text: string): void
  interrupt(): void
}

type TurnParts = {
  id: string
  text: string
  /** The earlier texts of the conversation with the fake. */
  earlier: readonly string[]
  /** Whether a command waits for the owner's answer before it runs. */
  asks: boolean
  /** Sends a notification about the turn. */
  notify: (method: string, params: Line) => void
  ask: (method: string, params: Line) => void
  /** Ends the turn; returns what its thread has used so far. */
  finish: () => Line
}

/** Creates a turn of a fake `codex`, which does nothing before `go`. */
export function createFakeTurn({ id, text, earlier, asks, notify, ask, finish }: TurnParts): FakeTurn {
  let steps = [...parseDirectives(text)]
  let command: Line | undefined
  const waiting: string[] = []

  const end = (status: string, error: Line | null = null) => {
    notify('thread/tokenUsage/updated', { turnId: id, tokenUsage: finish() })
    notify('turn/completed', { turn: { id, status, error } })
  }
  const use = (input: unknown) => {
    command = commandItem(`${id}-${steps.length}`, input)
    notify('item/started', { item: { ...command, status: 'inProgress' } })
    if (asks) ask('item/commandExecution/requestApproval', { itemId: command['id'], ...command })
    else commandEnds(true)
  }
  const commandEnds = (allowed: boolean) => {
    const status = allowed ? 'completed' : 'declined'
    notify('item/completed', { item: { ...command, status, aggregatedOutput: 'it ran' } })
    takeSteering()
    go()
  }
  const say = (words: string) => {
    notify('item/agentMessage/delta', { delta: words })
    notify('item/completed', { item: { type: 'agentMessage', id: `${id}-message`, text: words } })
    go()
  }
  const takeSteering = () => {
    const newest = waiting.splice(0).at(-1)
    if (newest !== undefined) steps = [...parseDirectives(newest)]
  }
  const go = () => {
    if (steps.length === 0) takeSteering()
    const step = steps.shift()
    if (step === undefined) end('completed')
    else if (step.type === 'status') end('failed', refused(step))
    else if (step.type === 'tool') use(step.input)
    else if (step.type === 'cut') crashFake()
    else if (step.type === 'say') say(step.text)
    else if (step.type === 'recall') say(recallAnswer(earlier))
    else if (step.type !== 'hang') go()
  }
  return {
    id,
    go,
    answer: commandEnds,
    steer: (words) => void waiting.push(words),
    interrupt: () => end('interrupted'),
  }
}

function commandItem(id: string, input: unknown): Line {
  return { type: 'commandExecution', id, command: JSON.stringify(input), cwd: '/' }
}

function refused({ status }: Extract<Step, { type: 'status' }>): Line {
  const message = JSON.stringify({ error: { message: `refused: ${status}`, type: 'invalid_request_error' } })
  return { message, codexErrorInfo: 'other', additionalDetails: null }
}
