import { SubagentError } from '@subagent-mcp/contract'
import { beforeEach, describe, expect, test } from 'vitest'
import { createHandHouse, type HandHouse } from './hand-house.test.support.js'
import { findOwnAgent, ownAgents } from './own-agents.js'
import { waitOutcome } from './wait-outcome.js'

let house: HandHouse

beforeEach(() => {
  house = createHandHouse({}, { maxDepth: 5 })
  house.connect('agent', '/p', 1)
})

describe('an agent that is a caller', () => {
  test('has what it launched and nothing else; a host has all', async () => {
    const { id } = await house.launched()
    const { id: child } = await house.launched('agent')
    const { supervisor } = house
    const idsOf = (caller: string): string[] =>
      ownAgents(supervisor.fleet(), caller).map(({ profile }) => profile.id)
    expect([idsOf('me'), idsOf('agent'), idsOf('nobody')]).toEqual([[id, child], [child], []])
    expect(findOwnAgent(supervisor, 'me', child).profile.id).toBe(child)
    expect(findOwnAgent(supervisor, 'agent', child).profile.id).toBe(child)
    expect(errorOf(() => findOwnAgent(supervisor, 'agent', id))).toEqual([
      'unknown-agent',
      `agents are ${child}`,
    ])
    expect(errorOf(() => findOwnAgent(supervisor, 'nobody', id))).toEqual([
      'unknown-agent',
      'none has been launched: launch_agent',
    ])
  })

  test('waits for nothing that is not its own, also by its id, and also when its host is gone', async () => {
    const { id, session } = await house.launched()
    session.finish('for the host alone')
    const looks = (): unknown[] =>
      [{ agentIds: [id] }, {}].map((ids) =>
        waitOutcome(house.supervisor.fleet(), { caller: 'agent', until: 'any', ...ids }),
      )
    const nothing = { done: true, news: [], known: [], running: [] }
    expect(looks()).toEqual([nothing, nothing])
    house.supervisor.dispatch({ type: 'caller-disconnected', at: 0, caller: 'me' })
    expect(looks()).toEqual([nothing, nothing])
  })
})

function errorOf(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error instanceof SubagentError ? [error.code, error.hint] : error
  }
}
