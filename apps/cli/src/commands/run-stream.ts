import { isBusy } from '../terminal/agent-words.js'
import type { Desk } from '../terminal/at-terminal.js'
import { mayEnd } from '../terminal/may-end.js'
import { createScribe, type Scribe } from '../terminal/scribe.js'
import type { Terminal } from '../terminal/terminal.js'
import { answerQuestions, isQuestion } from './run-questions.js'

/** Streams an agent that was just launched, and answers its questions, until it is at rest. */
export async function streamRun(agentId: string, { json }: { json: boolean }, desk: Desk): Promise<void> {
  const stop = new AbortController()
  const scribe = scribeFor(desk.terminal, json)
  const questions = answerQuestions(agentId, desk)
  try {
    for await (const { fact } of desk.client.events({ agentId, after: 0, signal: stop.signal })) {
      const isOver = mayEnd(fact) && !isBusy((await desk.client.agent(agentId)).agent)
      // The person knows what was launched, is shown each question as a whole, and how it ended at the end.
      if (fact.type === 'launch-requested' || isQuestion(fact)) scribe.learn(fact)
      else await scribe.tell(fact, isOver ? 'turn-ended' : undefined)
      if (isQuestion(fact)) await scribe.lift()
      if (isOver) break
      questions.hear(fact)
    }
  } finally {
    stop.abort()
    questions.close()
    await scribe.lift()
  }
}

/** What the model says goes to stdout, unless that is for JSON; all else to stderr. */
function scribeFor({ stdout, stderr, home }: Terminal, json: boolean): Scribe {
  const together = stdout.size() !== undefined && stderr.size() !== undefined
  const style = { paint: stderr.paint, stamp: () => '', together }
  return createScribe({ text: json ? undefined : stdout, talk: stderr, home, style })
}
