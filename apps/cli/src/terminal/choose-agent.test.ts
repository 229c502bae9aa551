import { expect, test } from 'vitest'
import { agentOf } from './agents.test.support.js'
import { chooseAgent, chooseAgents, chooseNewestAgent } from './choose-agent.js'

const agents = [
  agentOf({ id: 'ab12', name: 'tests' }),
  agentOf({ id: 'ab34', name: 'docs' }),
  agentOf({ id: 'cd56', name: 'docs', status: 'finished' }),
  agentOf({ id: 'ef78', name: 'ab12' }),
  agentOf({ id: 'gh90', name: 'ef' }),
]
const meant: [word: string, id: string][] = [
  ['ab34', 'ab34'],
  ['c', 'cd56'],
  ['tests', 'ab12'],
  ['ab12', 'ab12'], // an id goes before another's name
]
test.each(meant)('%s is %s', (word, id) => {
  expect(chooseAgent(agents, word).id).toBe(id)
})

const unclear: [word: string, hint: string][] = [
  ['ab', 'name one by its id: ab12 "tests" (processing), ab34 "docs" (processing)'],
  ['docs', 'name one by its id: ab34 "docs" (processing), cd56 "docs" (finished)'],
  ['ef', 'name one by its id: ef78 "ab12" (processing), gh90 "ef" (processing)'],
]
test.each(unclear)('%s is several', (word, hint) => {
  expect(() => chooseAgent(agents, word)).toThrow(expect.objectContaining({ code: 'ambiguous-agent', hint }))
})

test('what is there is named where an agent is unknown', () => {
  const names = 'ab12 "tests", ab34 "docs", cd56 "docs", ef78 "ab12", gh90 "ef"'
  const hint = `there are ${names}; subagent-mcp ps --all lists all; a task is removed once its answer was delivered`
  expect(() => chooseAgent(agents, 'zz')).toThrow(expect.objectContaining({ code: 'unknown-agent', hint }))
  expect(() => chooseAgent(agents, '')).toThrow('there is no agent')
  expect(() => chooseAgent([], 'zz')).toThrow(expect.objectContaining({ code: 'unknown-agent' }))
})

test('each once', () => {
  expect(chooseAgents(agents, ['c', 'ab12', 'cd56']).map(({ id }) => id)).toEqual(['cd56', 'ab12'])
})

test.each([
  [undefined, 'cd56'],
  ['docs', 'cd56'],
  ['ab34', 'ab34'],
  ['ab12', 'ab12'], // an id goes before another's name
])('of the agents that %s may mean, the newest is %s', (word, id) => {
  const launched = agents.map((agent) => ({ ...agent, launchedAt: agent.id === 'cd56' ? 2 : 1 }))
  expect(chooseNewestAgent(launched, word).id).toBe(id)
})

test('without an agent none is the newest', () => {
  expect(() => chooseNewestAgent([], undefined)).toThrow(expect.objectContaining({ code: 'unknown-agent' }))
})
