import { expect, test } from 'vitest'
import { matchAgentByWord } from './match-agent-by-word.js'

const agents = [
  { id: 'ab12', name: 'tests' },
  { id: 'ab34', name: 'docs', status: 'finished' },
  { id: 'cd56', name: 'docs', status: 'processing' },
  { id: 'ef78', name: 'ab12' },
]

test.each([
  ['ab34', 'ab34'],
  ['tests', 'ab12'],
  // An id goes before another's name.
  ['ab12', 'ab12'],
  ['ab', undefined],
  ['', undefined],
  ['zz', undefined],
])('%s means %s', (word, id) => {
  expect(matchAgentByWord(agents, word)?.id).toBe(id)
})

test('the beginning of an id counts where that is asked for', () => {
  expect(matchAgentByWord(agents, 'cd', { prefix: true })?.id).toBe('cd56')
  expect(() => matchAgentByWord(agents, 'ab', { prefix: true })).toThrow("'ab' matches 2 agents")
})

test('a name of several agents is refused with their ids, unless one is likelier', () => {
  const hint = 'name one by its id: ab34 "docs" (finished), cd56 "docs" (processing)'
  const ambiguous: unknown = expect.objectContaining({ code: 'ambiguous-agent', hint })
  expect(() => matchAgentByWord(agents, 'docs')).toThrow(ambiguous)
  expect(matchAgentByWord(agents, 'docs', { isLikelier: ({ status }) => status === 'processing' })?.id).toBe(
    'cd56',
  )
  expect(() => matchAgentByWord(agents, 'docs', { isLikelier: () => false })).toThrow(ambiguous)
})
