import type { DurableFact } from '@subagent-mcp/core'
import type { RuntimeState } from '../state/runtime-state.js'

/** Reads all journaled facts of an agent, the oldest first. */
export function readAgentFacts(history: RuntimeState['history'], agentId: string): DurableFact[] {
  const all: DurableFact[] = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const page = history.read({ agentId, after, limit: 1_000 })
    all.push(...page.facts.map(({ fact }) => fact))
    after = page.next
  }
  return all
}

/** The task of an agent: the prompt of its launch and the later messages, as they were sent to it. */
export function joinTaskTexts(facts: readonly DurableFact[]): string {
  return facts.flatMap(messageText).join('\n\n')
}

function messageText(fact: DurableFact): string[] {
  if (fact.type === 'launch-requested') return [fact.prompt.text]
  return fact.type === 'message-requested' ? [fact.message.text] : []
}
