import { noRules } from '@subagent-mcp/permissions'
import { describe, expect, test } from 'vitest'
import type { Blueprint } from './launch-template.js'
import {
  codeOf,
  createHandHouse,
  order,
  unrouted,
  type HandHouse,
} from '../supervisor/manual-supervisor.test.support.js'
import { launch } from './launch.js'
import type { LaunchRequest } from './launch-request.js'
import { sendMessage } from '../requests/send-message.js'
import { readFact } from '../journal/read-fact.js'

const chat = 'mcp__subagent-mcp__chat'
const setup = {
  appendSystemPrompt: 'You are a worker.',
  tools: { only: [] },
  maxTurns: 9,
  mcpServers: { 'subagent-mcp': { command: 'ring', alwaysLoad: true } },
}

const blueprint: Blueprint = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  setup: { appendSystemPrompt: 'You review.', maxTurns: 3, mcpServers: { bell: { command: 'bell' } } },
  authority: { preset: 'accept-edits', rules: noRules },
}

function launched(house: HandHouse, more: Partial<LaunchRequest>, caller = 'me') {
  return launch(house.supervisor, caller, { ...order, ...more }).agent
}

const refusal = (act: () => unknown): unknown => {
  try {
    act()
    return 'no error'
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe('what a launch sets its sessions up with', () => {
  test('reaches its driver, also when the session is opened again', async () => {
    const house = createHandHouse()
    const { id } = launched(house, { setup }).profile
    const session = await house.opened()
    expect(session.spec).toMatchObject(setup)
    session.sink({ type: 'session-identified', sessionId: 's' })
    session.finish()
    session.sink({ type: 'session-closed' })
    sendMessage(house.supervisor, { agentId: id, text: 'on', steer: false, caller: 'me' })
    expect((await house.opened()).spec).toMatchObject({ ...setup, resumeSessionId: 's' })
  })

  test('adds to what its definition says', () => {
    const house = createHandHouse()
    const from = { prompt: 'do it', cwd: '/p', blueprint, setup }
    expect(launch(house.supervisor, 'me', from).agent.profile.setup).toEqual({
      appendSystemPrompt: 'You review.\n\nYou are a worker.',
      tools: { only: [] },
      maxTurns: 9,
      mcpServers: { bell: { command: 'bell' }, ...setup.mcpServers },
    })
  })

  test('starts no program for an agent that may not start it unasked itself', () => {
    const house = createHandHouse({}, { maxDepth: 5 })
    house.connect('agent', '/p', 1)
    expect(codeOf(() => launched(house, { setup }, 'agent'))).toBe('above-ceiling')
    expect(codeOf(() => launched(house, { setup: { maxTurns: 9 } }, 'agent'))).toBe('no error')
    house.connect('free', '/p', 1, { preset: 'full-auto', rules: noRules })
    expect(codeOf(() => launched(house, { setup }, 'free'))).toBe('no error')
    house.connect('held', '/p', 1, {
      ...{ preset: 'full-auto', rules: noRules },
      closed: { by: 'host', allow: [] },
    })
    expect(codeOf(() => launched(house, { setup }, 'held'))).toBe('above-ceiling')
  })

  test('is refused before the driver is called, where the CLI cannot honour it', () => {
    const house = createHandHouse()
    const { abilities } = house.driver
    const message = (): unknown => refusal(() => launched(house, { setup }))
    house.driver.abilities = { ...abilities, maxTurns: false }
    expect(message()).toBe('claude cannot be held to a number of turns')
    house.driver.abilities = { ...abilities, ownMcpServers: false }
    expect(message()).toBe('claude cannot be given MCP servers of its own')
    house.driver.abilities = { ...abilities, toolChoice: false }
    expect(message()).toBe('claude cannot be held to some tools')
    expect(house.driver.sessions).toEqual([])
    expect(house.supervisor.fleet().agents.size).toBe(0)
  })

  test('leaves out candidates that cannot honour it, as those that are not there', () => {
    const house = createHandHouse()
    house.driver.abilities = { ...house.driver.abilities, maxTurns: false }
    const { route } = launch(house.supervisor, 'me', { ...unrouted, setup: { maxTurns: 9 } }).agent
    expect([route.current, ...route.left].every(({ provider }) => provider === 'codex')).toBe(true)
    expect(route.attempts.map(({ failure }) => failure.message)).toContain(
      'claude cannot be held to a number of turns',
    )
  })
})

describe('allowed tools', () => {
  test('are a closed list, which every provider asks by, and which a choice of tools need not back', async () => {
    const house = createHandHouse()
    const { abilities } = house.driver
    house.driver.abilities = { ...abilities, toolChoice: false, confines: true }
    for (const permissions of ['read-only', 'ask', 'accept-edits'] as const) {
      const { authority } = launched(house, { setup, permissions, allowedTools: [chat] }).profile
      expect(authority).toMatchObject({
        preset: permissions,
        closed: { by: 'host', allow: [{ text: chat }] },
      })
      const { spec } = await house.opened()
      expect(spec).toMatchObject({ asksAll: true, permissions, appendSystemPrompt: 'You are a worker.' })
      expect(spec.tools).toBeUndefined()
      expect(spec.ceiling).toContain(`"host",["${chat}"]`)
    }
  })

  test('hold whichever candidate takes over', async () => {
    const house = createHandHouse()
    house.codex.abilities = { ...house.codex.abilities, toolChoice: false }
    launch(house.supervisor, 'me', {
      ...unrouted,
      prefer: 'claude',
      setup: { tools: { only: [] } },
      allowedTools: [chat],
    })
    const failure = { reason: 'not-installed', message: 'it went away' } as const
    await house.driver.sessions[0]?.open({ type: 'failed', failure })
    const spec = house.codex.sessions[0]?.spec
    expect(house.driver.sessions[0]?.spec).toMatchObject({ asksAll: true, tools: { only: [] } })
    expect(spec).toMatchObject({ asksAll: true })
    expect(spec?.tools).toBeUndefined()
  })

  test('stand beside a definition', () => {
    const house = createHandHouse()
    const from = { prompt: 'do it', cwd: '/p', blueprint, allowedTools: ['Read', chat] }
    const { authority } = launch(house.supervisor, 'me', from).agent.profile
    expect(authority).toMatchObject({ preset: 'accept-edits', closed: { by: 'host' } })
  })

  test('of which one is no rule launch nothing', () => {
    const house = createHandHouse()
    const act = (): unknown => launched(house, { allowedTools: [chat, 'rm -rf'] })
    expect(codeOf(act)).toBe('invalid-parameter')
    expect(refusal(act)).toMatch(/^allowedTools: 'rm -rf' is no rule/)
    expect(house.supervisor.fleet().agents.size).toBe(0)
  })

  test('of an agent are no yes of a host, and no way out of its own list', () => {
    const house = createHandHouse({}, { maxDepth: 5 })
    house.connect('agent', '/p', 1)
    expect(launched(house, { allowedTools: [chat] }, 'agent').profile.authority?.closed?.by).toBe('agent')
    const closed = {
      by: 'agent' as const,
      allow: launched(house, { allowedTools: [chat] }).profile.authority?.closed?.allow ?? [],
    }
    house.connect('worker', '/p', 1, { preset: 'ask', rules: noRules, closed })
    expect(launched(house, {}, 'worker').profile.authority?.closed).toEqual(closed)
    expect(launched(house, { allowedTools: ['Bash', chat] }, 'worker').profile.authority?.closed).toEqual(
      closed,
    )
  })

  test('stay when a host opens the session again; an agent that has more to ask for may not', async () => {
    const house = createHandHouse()
    const { id, authority } = launched(house, { allowedTools: [chat] }).profile
    const session = await house.opened()
    session.sink({ type: 'session-identified', sessionId: 's' })
    session.finish()
    house.connect('agent', '/p', 1)
    const to = { agentId: id, text: 'on', steer: false }
    expect(codeOf(() => sendMessage(house.supervisor, { ...to, caller: 'agent' }))).toBe('above-ceiling')
    sendMessage(house.supervisor, { ...to, caller: 'me' })
    expect(house.supervisor.fleet().agents.get(id)?.profile.authority).toEqual(authority)
  })
})

/** A house that takes over from what another one had journaled. */
function after({ journal }: HandHouse): HandHouse {
  const facts = journal.facts.map((fact): unknown => JSON.parse(JSON.stringify(fact)))
  const later = createHandHouse()
  later.supervisor.adopt(facts.flatMap((fact) => readFact(fact) ?? []))
  return later
}

test('all of it is in the journal: after a restart the agent is what it was', () => {
  const house = createHandHouse()
  const { profile } = launched(house, { setup, allowedTools: [chat], keepOpen: true })
  const later = after(house)
  expect(later.supervisor.fleet().agents.get(profile.id)?.profile).toEqual(profile)
})

test('after a restart a request id is still that of its request, and of no other', () => {
  const house = createHandHouse()
  const { profile } = launched(house, { setup, requestId: 'r' })
  const later = after(house)
  expect(launched(later, { setup, requestId: 'r' }).profile.id).toBe(profile.id)
  const other = { ...setup, maxTurns: 1 }
  expect(codeOf(() => launched(later, { setup: other, requestId: 'r' }))).toBe('request-id-used')
})

test('a request id of an older version, which kept no more than the task, is refused for another prompt', () => {
  const house = createHandHouse()
  const { profile } = launched(house, { requestId: 'r' })
  for (const fact of house.journal.facts) if (fact.type === 'launch-requested') delete fact.profile.request
  const later = after(house)
  expect(launched(later, { requestId: 'r', effort: 'high' }).profile.id).toBe(profile.id)
  expect(codeOf(() => launched(later, { requestId: 'r', prompt: 'another' }))).toBe('request-id-used')
})

test('a request for a definition is the same after its file was changed', () => {
  const house = createHandHouse()
  const asked = { prompt: 'do it', cwd: '/p', requestId: 'r' }
  launch(house.supervisor, 'me', { ...asked, blueprint })
  const changed = { ...blueprint, setup: {} }
  expect(launch(house.supervisor, 'me', { ...asked, blueprint: changed }).repeated).toBe(true)
  const other = { ...asked, blueprint: { ...blueprint, name: 'writer' } }
  expect(codeOf(() => launch(house.supervisor, 'me', other))).toBe('request-id-used')
})
