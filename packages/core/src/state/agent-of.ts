import type { DurableFact } from '../journal/fact-writer.js'
import type { Fact } from './fact.js'

/** The id of the agent that a fact is about; a fact that is journaled has one. */
export function agentOf(fact: DurableFact): string
export function agentOf(fact: Fact): string | undefined
export function agentOf(fact: Fact): string | undefined {
  if (fact.type === 'launch-requested') return fact.profile.id
  return 'agentId' in fact ? fact.agentId : undefined
}
