import type { Failure } from '@subagent-mcp/contract'
import type { RouteCandidate } from '@subagent-mcp/routing'
import { beforeEach, expect, test } from 'vitest'
import { recordHostVendor } from '../requests/caller-connection.js'
import { findAgentByIdOrName, launchSupervisedAgent } from './launch-supervised-agent.js'
import type { LaunchRequest } from './launch-request.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  unroutedRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import type { LaunchRoute } from './launch-route.js'

const [opus, sonnet, gpt]: [RouteCandidate, RouteCandidate, RouteCandidate] = [
  { provider: 'claude', model: 'opus' },
  { provider: 'claude', model: 'sonnet' },
  { provider: 'codex', model: 'gpt' },
]
const missing: Failure = { reason: 'not-installed', message: 'no claude here', hint: 'install claude' }

let manual: ManualSupervisor
beforeEach(() => {
  manual = createManualSupervisor({ strongest: [opus, gpt, sonnet] })
})

/** The route of a launch with these options. */
function routeOf(part: Partial<LaunchRequest> = {}): LaunchRoute {
  return launchSupervisedAgent(manual.supervisor, 'me', { ...unroutedRequest, ...part }).agent.route
}

/** The providers in the order in which they would be tried, without repeats. */
function providersOf({ current, left }: LaunchRoute): string[] {
  return [...new Set([current, ...left].map(({ provider }) => provider))]
}

test('without a selector every provider that has a driver is in the list', () => {
  const route = routeOf()
  expect(route.pinned).toBe(false)
  expect(providersOf(route).sort()).toEqual(['claude', 'codex'])
  expect(route.attempts.map(({ candidate }) => candidate.provider)).toContain('gemini')
})

test('a provider that is not installed is left out, and remembered', () => {
  manual.driver.preflightFailure = missing
  const route = routeOf()
  expect(providersOf(route)).toEqual(['codex'])
  expect(route.attempts).toContainEqual(expect.objectContaining({ failure: missing, tried: false }))
})

test('a provider alone is the only one, a preferred one the first', () => {
  const route = routeOf({ provider: 'codex' })
  expect(route).toMatchObject({ pinned: false, provider: 'codex' })
  expect(providersOf(route)).toEqual(['codex'])
  expect(route.left.length).toBeGreaterThan(0)
  expect(providersOf(routeOf({ prefer: 'codex' }))).toEqual(['codex', 'claude'])
  expect(providersOf(routeOf({ prefer: 'claude' }))).toEqual(['claude', 'codex'])
  expect(routeOf({ prefer: 'claude' })).not.toHaveProperty('provider')
})

test('a named provider that cannot be tried is refused with the reason and a hint', () => {
  manual.driver.preflightFailure = missing
  expect(() => routeOf({ provider: 'claude' })).toThrow(
    expect.objectContaining({
      code: 'not-installed',
      message: 'claude cannot do it: not-installed: no claude here',
      hint: 'install claude; or give prefer claude in place of provider: then other providers may do it',
    }),
  )
  expect(providersOf(routeOf({ prefer: 'claude' }))).toEqual(['codex'])
  expect(manual.codex.sessions).toHaveLength(1)
})

test.each([
  ['unknown-provider', { provider: 'goose' }],
  ['unknown-provider', { prefer: 'goose' }],
] as const)('%s: %j', (code, part) => {
  expect(codeOf(() => routeOf(part))).toBe(code)
})

test('provider and model are pinned', () => {
  expect(routeOf({ provider: 'codex', model: 'gpt' })).toMatchObject({ pinned: true, current: gpt, left: [] })
})

test('a provider at its limit is skipped, unless it is pinned or the table turns this off', async () => {
  launchSupervisedAgent(manual.supervisor, 'me', launchRequest)
  const session = await manual.opened()
  const resetsAt = manual.clock.now() + 100_000
  const limited: Failure = { reason: 'rate-limited', message: 'enough', resetsAt }
  const [prompt] = session.sent
  const turnId = prompt?.type === 'prompt' ? prompt.turnId : ''
  session.sink({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure: limited } })
  expect(providersOf(routeOf())).toEqual(['codex'])
  expect(providersOf(routeOf({ provider: 'claude', model: 'opus' }))).toEqual(['claude'])
  expect(providersOf(routeOf({ prefer: 'claude' }))).toEqual(['codex'])
  const named = (): LaunchRoute => routeOf({ provider: 'claude' })
  expect(named).toThrow(expect.objectContaining({ code: 'no-candidate', resetsAt }))
  expect(named).toThrow(`is at its limit until ${new Date(resetsAt).toISOString()}`)
  manual.clock.advance(100_000)
  expect(providersOf(routeOf()).sort()).toEqual(['claude', 'codex'])
})

test('deadlock starts from the strongest that have not worked on the task', async () => {
  const { session } = await manual.launched()
  expect(routeOf({ deadlock: true }).current).toEqual(opus)
  session.finish('wrong')
  expect(routeOf({ deadlock: true }).current).toEqual(gpt)
  expect(routeOf({ deadlock: true, prompt: 'another task' }).current).toEqual(opus)
})

test('if no provider can take the launch, one error names each provider once', () => {
  manual.driver.preflightFailure = missing
  manual.codex.preflightFailure = { reason: 'not-signed-in', message: 'codex: sign in', hint: 'codex login' }
  expect(codeOf(() => routeOf())).toBe('no-candidate')
  expect(() => routeOf()).toThrow(/no claude here.*codex: sign in|codex: sign in.*no claude here/)
  expect(manual.supervisor.state().agents.size).toBe(0)
})

test('notes of a session about settings that it leaves out are kept with the agent', async () => {
  const { agent } = launchSupervisedAgent(manual.supervisor, 'me', launchRequest)
  const session = manual.driver.sessions.at(-1)
  const nothing = { send: () => undefined, close: () => Promise.resolve() }
  await session?.open({ type: 'opened', session: nothing, notes: ['takes no effort'] })
  expect(findAgentByIdOrName(manual.supervisor, agent.profile.id).notes).toEqual(['takes no effort'])
})

test("where work is judged, the provider of the caller's host comes last, once the host said its name", () => {
  const review = { category: 'quality_review' } as const
  expect(providersOf(routeOf(review))[0]).toBe('claude')
  recordHostVendor(manual.supervisor, 'me', 'cursor-vscode')
  expect(providersOf(routeOf(review))[0]).toBe('claude')
  recordHostVendor(manual.supervisor, 'me', 'claude-code')
  expect(providersOf(routeOf(review))).toEqual(['codex', 'claude'])
  expect(providersOf(routeOf({ ...review, prefer: 'claude' }))).toEqual(['claude', 'codex'])
  expect(providersOf(routeOf({ category: 'knowledge_synthesis' }))[0]).toBe('claude')
})
