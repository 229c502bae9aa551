import type { Failure } from '@subagent-mcp/contract'
import { connectCaller, launchSupervisedAgent, recordHostVendor } from '@subagent-mcp/core'
import { containing, createManualDriver } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { openServiceStage } from './agent-service.test.support.js'

const signedOut: Failure = { reason: 'not-signed-in', message: 'codex is not signed in', hint: 'codex login' }

const asked = { cwd: undefined, pooled: false }

/** A stage with claude and codex, whose caller is connected, and the provider that a definition gets in it. */
function openTwoVendors(codex = createManualDriver('codex')) {
  const stage = openServiceStage({ others: [codex] })
  connectCaller(stage.supervisor, { caller: 'c', project: stage.project })
  const providerOf = (name: string): string =>
    stage.agents().launchTemplate(name, asked).template.candidate.provider
  const from = (client: string): void => {
    recordHostVendor(stage.supervisor, 'c', client)
  }
  return { ...stage, codex, providerOf, from }
}

test.each([
  ['claude-code', 'codex'],
  ['codex-mcp-client', 'claude'],
  // Whose models it has is not known: other is any.
  ['cursor-vscode', 'claude'],
])('provider other: for %s it is %s', (client, provider) => {
  const { providerOf, from } = openTwoVendors()
  from(client)
  expect(providerOf('reviewer')).toBe(provider)
})

test('an agent that calls is of its own provider, whatever its host is named', async () => {
  const { supervisor, project, codex, agents } = openTwoVendors()
  launchSupervisedAgent(supervisor, 'c', { prompt: 'p', cwd: project, provider: 'codex', model: 'hand' })
  const session = { send: () => undefined, close: () => Promise.resolve() }
  await codex.sessions[0]?.open({ type: 'opened', session, pid: 7 })
  const process = { mark: 'd.1', pid: 7 }
  connectCaller(supervisor, { caller: 'inner', project, depth: 1, process, vendor: 'claude' })
  const { template } = agents({ caller: 'inner', depth: 1 }).launchTemplate('reviewer', asked)
  expect(template.candidate.provider).toBe('claude')
})

test('the candidate has model and effort of the table, the next ones follow; a task has one provider', () => {
  const { agents } = openTwoVendors()
  const launched = agents().launchTemplate('tester', asked).template
  expect(launched.candidate).toEqual({ provider: 'claude', model: 'opus', effort: 'high' })
  expect(launched.left?.map(({ provider }) => provider)).toContain('codex')
  const task = agents().launchTemplate('tester', { ...asked, pooled: true }).template
  expect(task.candidate).toEqual(launched.candidate)
  expect(task).not.toHaveProperty('left')
})

test('a launch falls back to the next candidate, and never to the provider of the caller', () => {
  const { agents, supervisor, from, project } = openTwoVendors()
  from('claude-code')
  const { template } = agents().launchTemplate('reviewer', asked)
  const { route } = launchSupervisedAgent(supervisor, 'c', { prompt: 'p', cwd: project, template }).agent
  expect(route.pinned).toBe(false)
  expect(new Set([route.current, ...route.left].map(({ provider }) => provider))).toEqual(new Set(['codex']))
})

test('without another provider the error says why, and how to mend it; the own one is never taken', () => {
  const { providerOf, from } = openTwoVendors({
    ...createManualDriver('codex'),
    preflightFailure: signedOut,
  })
  expect(providerOf('reviewer')).toBe('claude')
  from('claude-code')
  expect(() => providerOf('reviewer')).toThrow(
    expect.objectContaining({
      message: containing('no other provider than claude can: not-signed-in: codex is not signed in'),
      hint: containing('codex login'),
    }),
  )
  expect(providerOf('explorer')).toBe('claude')
})

test('a launch may name the provider that a definition leaves open: that one alone is tried', () => {
  const { agents, from, define } = openTwoVendors()
  define('fixed', ['provider: claude'])
  const candidatesOf = (name: string, provider: string): string[] => {
    const { template } = agents().launchTemplate(name, { ...asked, provider })
    return [template.candidate, ...(template.left ?? [])].map((candidate) => candidate.provider)
  }
  expect(new Set(candidatesOf('explorer', 'codex'))).toEqual(new Set(['codex']))
  expect(new Set(candidatesOf('reviewer', 'codex'))).toEqual(new Set(['codex']))
  expect(candidatesOf('fixed', 'claude')).toEqual(['claude'])
  expect(() => candidatesOf('fixed', 'codex')).toThrow(
    "provider beside agent 'fixed', whose definition says claude",
  )
  expect(() => candidatesOf('explorer', 'nobody')).toThrow("no provider 'nobody'")
  from('codex-mcp-client')
  expect(() => candidatesOf('reviewer', 'codex')).toThrow(
    'the definition wants another provider than yours, and codex is yours',
  )
})

test('the provider that a launch names is signed out: the error has the remedy', () => {
  const { agents } = openTwoVendors({ ...createManualDriver('codex'), preflightFailure: signedOut })
  expect(() => agents().launchTemplate('reviewer', { ...asked, provider: 'codex' })).toThrow(
    expect.objectContaining({
      code: 'not-signed-in',
      message: containing('codex cannot do it: not-signed-in: codex is not signed in'),
      hint: containing('codex login'),
    }),
  )
})

test('a provider that cannot honour the definition is passed over; without any, its reason is listed', () => {
  const { driver, codex, define, providerOf, agents } = openTwoVendors()
  define('bounded', ['provider: any', 'maxTurns: 3'])
  driver.abilities = { ...driver.abilities, maxTurns: false }
  expect(providerOf('bounded')).toBe('codex')
  const problem = (): string | undefined =>
    agents()
      .list()
      .find(({ name }) => name === 'bounded')?.problem
  expect(problem()).toBeUndefined()
  codex.abilities = { ...codex.abilities, maxTurns: false }
  expect(problem()).toContain('maxTurns: claude cannot be held to a number of turns')
})
