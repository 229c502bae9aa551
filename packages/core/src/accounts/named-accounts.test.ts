import { createManualDriver } from '@subagent-mcp/testkit'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import {
  createManualSupervisor,
  launchRequest,
  unroutedRequest,
} from '../supervisor/manual-supervisor.test.support.js'
import {
  createAccountEnvironment,
  explainUnusableAccount,
  chooseAccountsByProvider,
  findAccountProvider,
} from './named-accounts.js'

const account = { variable: 'CLAUDE_CONFIG_DIR', signIn: /^ANTHROPIC_API_KEY$/ }
const parts = {
  accounts: { work: { provider: 'claude', folder: '/home/ada/.claude-work' } },
  drivers: new Map([
    ['claude', { ...createManualDriver(), account }],
    ['codex', createManualDriver('codex')],
  ]),
}
const work = { provider: 'claude', name: 'work' }

/** A supervisor whose Claude has the account `work`, and its launch on it. */
function openStage(budgets: object = {}, limits: object = {}) {
  const manual = createManualSupervisor(
    {},
    { maxDepth: 2, ...limits, budgets: { day: {}, reserve: {}, ...budgets } },
  )
  Object.assign(manual.driver, { account })
  Object.assign(manual.supervisor.accounts, parts.accounts)
  return manual
}

test('a session on a named account has its folder, and no key that would sign in as another', () => {
  const environment = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://x', PATH: '/bin' }
  expect(createAccountEnvironment(parts, environment, work)).toEqual({
    ...{ ANTHROPIC_BASE_URL: 'http://x', PATH: '/bin', CLAUDE_CONFIG_DIR: '/home/ada/.claude-work' },
  })
  expect(createAccountEnvironment(parts, environment, { provider: 'claude', name: 'claude' })).toBe(
    environment,
  )
  expect(() => createAccountEnvironment(parts, environment, { ...work, name: 'gone' })).toThrow(
    "no account 'gone'",
  )
})

test('the account is the one that is named, otherwise that of the environment, otherwise that of the launching agent', () => {
  const inherited = { claude: 'play', codex: 'play' }
  expect(chooseAccountsByProvider(parts, { environment: {} })).toEqual({})
  expect(
    chooseAccountsByProvider(parts, { environment: { CLAUDE_CONFIG_DIR: '/home/ada/.claude-work/' } }),
  ).toEqual({
    accounts: { claude: 'work' },
  })
  expect(
    chooseAccountsByProvider(parts, { environment: { CLAUDE_CONFIG_DIR: '' }, wanted: 'work', inherited }),
  ).toEqual({
    accounts: { claude: 'work', codex: 'play' },
  })
  expect(() => chooseAccountsByProvider(parts, { environment: {}, wanted: 'toString' })).toThrow(
    expect.objectContaining({ message: "no account 'toString'", hint: 'use one of work' }),
  )
})

test('an account binds a launch to its provider, unless the launch prefers one', () => {
  expect(findAccountProvider(parts, { account: 'work' })).toBe('claude')
  expect(findAccountProvider(parts, { account: 'work', prefer: 'codex' })).toBeUndefined()
  expect(() => findAccountProvider(parts, { account: 'work', provider: 'codex' })).toThrow(
    "account 'work' belongs to claude, not to codex",
  )
})

test('an account that is signed out says how to sign in to it', () => {
  const signedOut = {
    ...createManualDriver(),
    account,
    preflight: () => ({ reason: 'not-signed-in', message: 'x' }) as const,
  }
  const obstacle = explainUnusableAccount({ ...parts, drivers: new Map([['claude', signedOut]]) }, {}, work)
  expect(obstacle).toEqual({
    reason: 'not-signed-in',
    message: "account 'work' of claude is not signed in",
    hint: 'sign in once: CLAUDE_CONFIG_DIR=/home/ada/.claude-work claude',
  })
})

test('limits and reserves are those of the account on which an agent runs, also after a crash', async () => {
  const manual = openStage({ reserve: { work: 30 } })
  const { supervisor, driver } = manual
  const first = launchSupervisedAgent(supervisor, 'me', { ...launchRequest, account: 'work' })
  expect(first.agent.profile.accounts).toEqual({ claude: 'work' })
  const session = await manual.opened()
  expect(driver.sessions[0]?.spec.environment).toMatchObject({ CLAUDE_CONFIG_DIR: '/home/ada/.claude-work' })
  const limits = [{ name: 'seven_day', usedPercent: 80, resetsAt: 2_000_000, exhausted: false }]
  session.sink({ type: 'limits-reported', limits })
  session.finish()
  const next = openStage({ reserve: { work: 30 } })
  next.supervisor.adopt(structuredClone(manual.journal.facts))
  for (const one of [supervisor, next.supervisor]) {
    expect(launchSupervisedAgent(one, 'me', launchRequest).headroom).toBeUndefined()
    expect(() => launchSupervisedAgent(one, 'me', { ...unroutedRequest, account: 'work' })).toThrow(
      "account 'work' of claude has 20 % of its seven_day limit left, and 30 % are reserved",
    )
    const preferred = launchSupervisedAgent(one, 'me', {
      ...unroutedRequest,
      account: 'work',
      prefer: 'claude',
    })
    expect(preferred.agent.route.current.provider).toBe('codex')
  }
})

test('the budget of a day counts each account for itself', async () => {
  const manual = openStage({ day: { work: { tokens: 100 } } })
  launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, account: 'work' })
  const session = await manual.opened()
  const turnId =
    session.sent.flatMap((command) => (command.type === 'prompt' ? [command.turnId] : []))[0] ?? ''
  session.sink({ type: 'usage-reported', turnId, usage: { inputTokens: 90, outputTokens: 10 } })
  session.finish()
  expect(launchSupervisedAgent(manual.supervisor, 'me', launchRequest).agent.profile.accounts).toBeUndefined()
  expect(() => launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, account: 'work' })).toThrow(
    "the day's budget of 100 tokens for account 'work' of claude is spent: 100 tokens used",
  )
})

test('agents of an agent use its account', async () => {
  const { supervisor, driver } = openStage()
  launchSupervisedAgent(supervisor, 'me', { ...launchRequest, account: 'work' })
  const session = { send: () => undefined, close: () => Promise.resolve() }
  await driver.sessions[0]?.open({ type: 'opened', session, pid: 7 })
  const place = {
    project: '/p',
    depth: 1,
    folder: '/p',
    authority: { preset: 'accept-edits', rules: noPermissionRules },
  } as const
  supervisor.dispatch({
    type: 'caller-connected',
    at: 0,
    caller: 'child',
    ...place,
    process: { mark: 'd.1', pid: 7 },
  })
  const launched = launchSupervisedAgent(supervisor, 'child', { ...launchRequest, permissions: 'read-only' })
  expect(launched.agent.profile.accounts).toEqual({ claude: 'work' })
})

test('an agent whose account is not configured any more is not opened on another one', async () => {
  const { supervisor, driver, launched, waiting } = openStage({}, { maxTurns: 1 })
  const { session } = await launched()
  const { agent } = launchSupervisedAgent(supervisor, 'me', { ...launchRequest, account: 'work' })
  Reflect.deleteProperty(supervisor.accounts, 'work')
  session.finish()
  await waiting({ agentIds: [agent.profile.id] })
  expect(driver.sessions).toHaveLength(1)
  expect(supervisor.state().agents.get(agent.profile.id)?.phase).toMatchObject({ status: 'ended' })
})
