import { parseJson, SubagentError } from '@subagent-mcp/contract'
import type { Agent, EndedTurn } from '../agent/agent.js'
import { isAgentInTurn } from '../agent/agent-view.js'
import { createAgent, reduceAgent } from '../agent/reduce-agent.js'
import type { DurableFact } from '../state/fact.js'

/** An agent as far as its facts go; `undefined` before its launch. */
type Replayed = Agent | undefined

/** Reads the text of an ended turn from the journal. */
export type TurnTextReader = {
  /** Use `loadTurnText` instead, which knows whether the state has the text. @throws SubagentError `io-failed` */
  readText(agentId: string, turn: EndedTurn): string
}

/** The journaled facts of one agent, and those that could not be written yet. */
export type JournaledAgentFacts = {
  oldestFirst(): Iterable<DurableFact>
  newestFirst(): Iterable<DurableFact>
}

/** Returns the text of an ended turn, from the journal where the state does not have it. @throws SubagentError `io-failed` */
export function loadTurnText({ readText }: TurnTextReader, agent: Agent, turn: EndedTurn): string {
  return turn.text ?? readText(agent.profile.id, turn)
}

/** The text of the running turn so far, otherwise that of the last turn. @throws SubagentError `io-failed` */
export function loadCurrentTurnText(supervisor: TurnTextReader, agent: Agent): string {
  const { phase } = agent
  if (isAgentInTurn(phase)) return [phase.turn.said, phase.turn.writing].filter(Boolean).join('\n\n')
  const last = agent.turns.at(-1)
  return last ? loadTurnText(supervisor, agent, last) : ''
}

/** The answer of a completed turn as data, for an agent that answers by a schema; otherwise `undefined`. */
export function parseTurnAnswer(
  supervisor: TurnTextReader,
  agent: Agent,
  turn: EndedTurn | undefined,
): unknown {
  return agent.profile.outputSchema && turn?.outcome.type === 'completed'
    ? parseJson(loadTurnText(supervisor, agent, turn))
    : undefined
}

/**
 * Reads the text of an ended turn from the facts of its agent. An answer is one fact, which is near the end where the turn is the
 * last one. What other turns said is in many facts, so these are replayed. @throws SubagentError `io-failed` if they are gone
 */
export function readTurnTextFromFacts(
  facts: JournaledAgentFacts,
  turn: Pick<EndedTurn, 'id' | 'outcome'>,
): string {
  const answer = turn.outcome.type === 'completed' ? findAnswer(facts.newestFirst(), turn.id) : undefined
  const text = answer ?? replay(facts.oldestFirst())?.turns.find(({ id }) => id === turn.id)?.text
  if (text !== undefined) return text
  // An empty text would pass for the answer.
  throw new SubagentError('io-failed', `the text of turn ${turn.id} is not in the journal`, {
    hint: 'see what was lost: subagent-mcp doctor',
  })
}

function findAnswer(facts: Iterable<DurableFact>, turnId: string): string | undefined {
  for (const fact of facts) {
    // A check may have replaced the answer, as with one that is repaired JSON.
    if (fact.type === 'turn-checked' && fact.turnId === turnId && fact.verdict.passed)
      if (fact.verdict.answer !== undefined) return fact.verdict.answer
    if (fact.type !== 'session-event-received') continue
    const { event } = fact
    if (event.type === 'turn-ended' && event.turnId === turnId)
      return event.outcome.type === 'completed' ? event.outcome.answer : undefined
  }
  return undefined
}

/** Applies facts to their agent alone, whose turns keep their texts here. */
function replay(facts: Iterable<DurableFact>): Replayed {
  let agent: Replayed
  for (const fact of facts) {
    if (fact.type === 'launch-requested') agent = createAgent(fact)
    else if (agent) [agent] = reduceAgent(agent, fact)
  }
  return agent
}
