import { noPermissionRules } from '@subagent-mcp/permissions'
import { describe, expect, test } from 'vitest'
import type { LaunchTemplate } from './launch-template.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  unroutedRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { launchSupervisedAgent } from './launch-supervised-agent.js'
import type { LaunchRequest } from './launch-request.js'
import { sendMessage } from '../requests/send-message.js'
import { parseJournaledFact } from '../journal/parse-journaled-fact.js'

const chat = 'mcp__subagent-mcp__chat'
const setup = {
  appendSystemPrompt: 'You are a worker.',
  tools: { only: [] },
  maxTurns: 9,
  mcpServers: { 'subagent-mcp': { command: 'ring', alwaysLoad: true } },
}

const template: LaunchTemplate = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  setup: { appendSystemPrompt: 'You review.', maxTurns: 3, mcpServers: { bell: { command: 'bell' } } },
  authority: { preset: 'accept-edits', rules: noPermissionRules },
}

function launched(manual: ManualSupervisor, more: Partial<LaunchRequest>, caller = 'me') {
  return launchSupervisedAgent(manual.supervisor, caller, { ...launchRequest, ...more }).agent
}

const refusal = (act: () => unknown): unknown => {
  try {
    act()
    return 'no error'
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe('the session settings of a launch', () => {
  test('reaches its driver, also when the session is opened again', async () => {
    const manual = createManualSupervisor()
    const { id } = launched(manual, { setup }).profile
    const session = await manual.opened()
    expect(session.spec).toMatchObject(setup)
    session.sink({ type: 'session-identified', sessionId: 's' })
    session.finish()
    session.sink({ type: 'session-closed' })
    sendMessage(manual.supervisor, { agentId: id, text: 'on', steer: false, caller: 'me' })
    expect((await manual.opened()).spec).toMatchObject({ ...setup, resumeSessionId: 's' })
  })

  test('are added to those of the definition', () => {
    const manual = createManualSupervisor()
    const from = { prompt: 'do it', cwd: '/p', template, setup }
    expect(launchSupervisedAgent(manual.supervisor, 'me', from).agent.profile.setup).toEqual({
      appendSystemPrompt: 'You review.\n\nYou are a worker.',
      tools: { only: [] },
      maxTurns: 9,
      mcpServers: { bell: { command: 'bell' }, ...setup.mcpServers },
    })
  })

  test('starts no program for an agent that may not start it unasked itself', () => {
    const manual = createManualSupervisor({}, { maxDepth: 5 })
    manual.connect('agent', '/p', 1)
    expect(codeOf(() => launched(manual, { setup }, 'agent'))).toBe('above-ceiling')
    expect(codeOf(() => launched(manual, { setup: { maxTurns: 9 } }, 'agent'))).toBe('no error')
    manual.connect('free', '/p', 1, { preset: 'full-auto', rules: noPermissionRules })
    expect(codeOf(() => launched(manual, { setup }, 'free'))).toBe('no error')
    manual.connect('held', '/p', 1, {
      ...{ preset: 'full-auto', rules: noPermissionRules },
      closed: { by: 'host', allow: [] },
    })
    expect(codeOf(() => launched(manual, { setup }, 'held'))).toBe('above-ceiling')
  })

  test('is refused before the driver is called, where the CLI cannot honour it', () => {
    const manual = createManualSupervisor()
    const { abilities } = manual.driver
    const message = (): unknown => refusal(() => launched(manual, { setup }))
    manual.driver.abilities = { ...abilities, maxTurns: false }
    expect(message()).toBe('claude cannot be held to a number of turns')
    manual.driver.abilities = { ...abilities, ownMcpServers: false }
    expect(message()).toBe('claude cannot be given MCP servers of its own')
    manual.driver.abilities = { ...abilities, toolChoice: false }
    expect(message()).toBe('claude cannot be held to some tools')
    expect(manual.driver.sessions).toEqual([])
    expect(manual.supervisor.state().agents.size).toBe(0)
  })

  test('skips candidates that do not support the settings, like candidates that are not installed', () => {
    const manual = createManualSupervisor()
    manual.driver.abilities = { ...manual.driver.abilities, maxTurns: false }
    const { route } = launchSupervisedAgent(manual.supervisor, 'me', {
      ...unroutedRequest,
      setup: { maxTurns: 9 },
    }).agent
    expect([route.current, ...route.left].every(({ provider }) => provider === 'codex')).toBe(true)
    expect(route.attempts.map(({ failure }) => failure.message)).toContain(
      'claude cannot be held to a number of turns',
    )
  })
})

describe('allowed tools', () => {
  test('are a closed list, which every provider asks by, and which a choice of tools need not back', async () => {
    const manual = createManualSupervisor()
    const { abilities } = manual.driver
    manual.driver.abilities = { ...abilities, toolChoice: false, confines: true }
    for (const permissions of ['read-only', 'ask', 'accept-edits'] as const) {
      const { authority } = launched(manual, { setup, permissions, allowedTools: [chat] }).profile
      expect(authority).toMatchObject({
        preset: permissions,
        closed: { by: 'host', allow: [{ text: chat }] },
      })
      const { spec } = await manual.opened()
      expect(spec).toMatchObject({ asksAll: true, permissions, appendSystemPrompt: 'You are a worker.' })
      expect(spec.tools).toBeUndefined()
      expect(spec.ceiling).toContain(`"host",["${chat}"]`)
    }
  })

  test('hold whichever candidate takes over', async () => {
    const manual = createManualSupervisor()
    manual.codex.abilities = { ...manual.codex.abilities, toolChoice: false }
    launchSupervisedAgent(manual.supervisor, 'me', {
      ...unroutedRequest,
      prefer: 'claude',
      setup: { tools: { only: [] } },
      allowedTools: [chat],
    })
    const failure = { reason: 'not-installed', message: 'it went away' } as const
    await manual.driver.sessions[0]?.open({ type: 'failed', failure })
    const spec = manual.codex.sessions[0]?.spec
    expect(manual.driver.sessions[0]?.spec).toMatchObject({ asksAll: true, tools: { only: [] } })
    expect(spec).toMatchObject({ asksAll: true })
    expect(spec?.tools).toBeUndefined()
  })

  test('stand beside a definition', () => {
    const manual = createManualSupervisor()
    const from = { prompt: 'do it', cwd: '/p', template, allowedTools: ['Read', chat] }
    const { authority } = launchSupervisedAgent(manual.supervisor, 'me', from).agent.profile
    expect(authority).toMatchObject({ preset: 'accept-edits', closed: { by: 'host' } })
  })

  test('of which one is no rule launch nothing', () => {
    const manual = createManualSupervisor()
    const act = (): unknown => launched(manual, { allowedTools: [chat, 'rm -rf'] })
    expect(codeOf(act)).toBe('invalid-parameter')
    expect(refusal(act)).toMatch(/^allowedTools: 'rm -rf' is no rule/)
    expect(manual.supervisor.state().agents.size).toBe(0)
  })

  test('of an agent are no yes of a host, and no way out of its own list', () => {
    const manual = createManualSupervisor({}, { maxDepth: 5 })
    manual.connect('agent', '/p', 1)
    expect(launched(manual, { allowedTools: [chat] }, 'agent').profile.authority?.closed?.by).toBe('agent')
    const closed = {
      by: 'agent' as const,
      allow: launched(manual, { allowedTools: [chat] }).profile.authority?.closed?.allow ?? [],
    }
    manual.connect('worker', '/p', 1, { preset: 'ask', rules: noPermissionRules, closed })
    expect(launched(manual, {}, 'worker').profile.authority?.closed).toEqual(closed)
    expect(launched(manual, { allowedTools: ['Bash', chat] }, 'worker').profile.authority?.closed).toEqual(
      closed,
    )
  })

  test('stay when a host opens the session again; an agent that has more to ask for may not', async () => {
    const manual = createManualSupervisor()
    const { id, authority } = launched(manual, { allowedTools: [chat] }).profile
    const session = await manual.opened()
    session.sink({ type: 'session-identified', sessionId: 's' })
    session.finish()
    manual.connect('agent', '/p', 1)
    const to = { agentId: id, text: 'on', steer: false }
    expect(codeOf(() => sendMessage(manual.supervisor, { ...to, caller: 'agent' }))).toBe('above-ceiling')
    sendMessage(manual.supervisor, { ...to, caller: 'me' })
    expect(manual.supervisor.state().agents.get(id)?.profile.authority).toEqual(authority)
  })
})

/** A supervisor that takes over what another one has journaled. */
function after({ journal }: ManualSupervisor): ManualSupervisor {
  const facts = journal.facts.map((fact): unknown => JSON.parse(JSON.stringify(fact)))
  const later = createManualSupervisor()
  later.supervisor.adopt(facts.flatMap((fact) => parseJournaledFact(fact) ?? []))
  return later
}

test('all settings are in the journal: after a restart the agent has the same ones', () => {
  const manual = createManualSupervisor()
  const { profile } = launched(manual, { setup, allowedTools: [chat], keepOpen: true })
  const later = after(manual)
  expect(later.supervisor.state().agents.get(profile.id)?.profile).toEqual(profile)
})

test('after a restart a request id is still that of its request, and of no other', () => {
  const manual = createManualSupervisor()
  const { profile } = launched(manual, { setup, requestId: 'r' })
  const later = after(manual)
  expect(launched(later, { setup, requestId: 'r' }).profile.id).toBe(profile.id)
  const other = { ...setup, maxTurns: 1 }
  expect(codeOf(() => launched(later, { setup: other, requestId: 'r' }))).toBe('request-id-used')
})

test('a request id of an older version, which kept no more than the task, is refused for another prompt', () => {
  const manual = createManualSupervisor()
  const { profile } = launched(manual, { requestId: 'r' })
  for (const fact of manual.journal.facts) if (fact.type === 'launch-requested') delete fact.profile.request
  const later = after(manual)
  expect(launched(later, { requestId: 'r', effort: 'high' }).profile.id).toBe(profile.id)
  expect(codeOf(() => launched(later, { requestId: 'r', prompt: 'another' }))).toBe('request-id-used')
})

test('a request for a definition is the same after its file was changed', () => {
  const manual = createManualSupervisor()
  const asked = { prompt: 'do it', cwd: '/p', requestId: 'r' }
  launchSupervisedAgent(manual.supervisor, 'me', { ...asked, template })
  const changed = { ...template, setup: {} }
  expect(launchSupervisedAgent(manual.supervisor, 'me', { ...asked, template: changed }).repeated).toBe(true)
  const other = { ...asked, template: { ...template, name: 'writer' } }
  expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', other))).toBe('request-id-used')
})
