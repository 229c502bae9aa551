import { knownFacts } from '../../terminal/agent-facts.js'
import type { Fact } from '@subagent-mcp/core'
import { isBusy } from '../../terminal/agent-lines.js'
import type { Desk } from '../../terminal/command-context.js'
import { askQuestions, type Manner } from '../../terminal/questions/ask-questions.js'
import { askedQuestion } from '../../terminal/questions/question-facts.js'
import { isQuestion } from '../../terminal/questions/is-question.js'
import { mayEnd } from '../../terminal/may-end.js'
import type { Question } from '../../terminal/questions/question-text.js'
import { createScribe, type Scribe } from '../../terminal/transcript/printer.js'
import type { Terminal } from '../../terminal/terminal.js'

/**
 * Whether what the model says goes to stdout, and what becomes of a question where nobody is there to ask: it is
 * denied, or left to others. A task has a `result`, which comes by another way, and is forgotten with it.
 */
export type StreamStyle = {
  text: boolean
  unasked: 'deny' | 'leave'
  result?: Promise<unknown> | undefined
}

/** How long what is left to show of a task may come after its result, in milliseconds. */
const lastWords = 500

/** Streams an agent that was just launched, and answers its questions, until it is at rest, or a question is left. */
export async function streamRun(agentId: string, style: StreamStyle, desk: Desk): Promise<void> {
  const stop = new AbortController()
  const scribe = scribeFor(desk.terminal, style)
  const questions = askQuestions(manner, desk)
  const cancelEnd = endWith(style.result, stop)
  try {
    for await (const { fact } of knownFacts(desk.client, { agentId, after: 0, signal: stop.signal })) {
      // What others have answered is taken back before it is told.
      questions.hear(fact)
      const isOver = await mayLeave(fact, { agentId, style }, desk)
      // The person knows what was launched, is shown each question as a whole, and how it ended at the end.
      if (fact.type === 'launch-requested' || isQuestion(fact)) scribe.learn(fact)
      else await scribe.tell(fact, isOver ? 'turn-ended' : undefined)
      if (isQuestion(fact)) await scribe.lift()
      if (isOver) break
      if (isQuestion(fact)) questions.put(askedQuestion(fact))
    }
  } finally {
    cancelEnd()
    stop.abort()
    questions.close()
    await scribe.lift()
  }
}

/** There is one agent, and its transcript tells what became of a question. */
const manner: Manner<Question> = { head: () => '', takenBack: () => '', unanswered: 'deny' }

/** The facts of a task that is forgotten may never come. */
function endWith(result: StreamStyle['result'], stop: AbortController): () => void {
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    timer = stop.signal.aborted ? undefined : setTimeout(() => stop.abort(), lastWords)
  }
  result?.then(end, end)
  return () => {
    clearTimeout(timer)
  }
}

type Streamed = { agentId: string; style: StreamStyle }

async function mayLeave(fact: Fact, { agentId, style }: Streamed, desk: Desk): Promise<boolean> {
  const { client, terminal } = desk
  const isLeft = isQuestion(fact) && style.unasked === 'leave' && !terminal.ask
  if (!isLeft && !mayEnd(fact)) return false
  // It has one turn, and whoever asked for more may hear that nobody knows it.
  if (style.result) return true
  const { agent } = await client.agent(agentId)
  return !isBusy(agent) || (isLeft && agent.status === 'permission_requested')
}

/** What the model says goes to stdout or nowhere, all else to stderr. */
function scribeFor({ stdout, stderr, home }: Terminal, { text }: StreamStyle): Scribe {
  const together = stdout.size() !== undefined && stderr.size() !== undefined
  const style = { paint: stderr.paint, stamp: () => '', together }
  return createScribe({ text: text ? stdout : undefined, talk: stderr, home, style })
}
