import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import type { DurableFact } from '../state/fact.js'
import { readTurnTextFromFacts } from './turn-text.js'

const completed = { id: 't1', outcome: { type: 'completed' } } as const

function factsOf(facts: () => Iterable<DurableFact>) {
  return { oldestFirst: facts, newestFirst: facts }
}

test.each([completed, { id: 't1', outcome: { type: 'interrupted' } } as const])(
  'a text that the facts no longer have is an error, not an empty text: %o',
  (turn) => {
    expect(() =>
      readTurnTextFromFacts(
        factsOf(() => []),
        turn,
      ),
    ).toThrow('the text of turn t1 is not in the journal')
  },
)

test('damage of the journal is passed on to the reader', () => {
  const damaged = new SubagentError('io-failed', 'fact 3 of the journal is damaged')
  const facts = factsOf(() => {
    throw damaged
  })
  expect(() => readTurnTextFromFacts(facts, completed)).toThrow(damaged)
})
