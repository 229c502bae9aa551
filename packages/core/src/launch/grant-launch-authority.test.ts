import { permissionPresets, type PermissionPreset } from '@subagent-mcp/contract'
import {
  encodeCallerPermissions,
  decideToolCall,
  areCallerPermissionsWithin,
  strictestCallerPermissions,
  noPermissionRules,
  parsePermissionRule,
  decodeCallerPermissions,
  parseToolCall,
  type CallerPermissions,
  type ParsedToolCall,
  type ToolCallContext,
  type PermissionRule,
} from '@subagent-mcp/permissions'
import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import type { Agent } from '../agent/agent.js'
import type { LaunchTemplate } from './launch-template.js'
import { createDice, type Dice } from '../agent/dice.test.support.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { launchSupervisedAgent } from './launch-supervised-agent.js'
import type { LaunchRequest } from './launch-request.js'
import { sendMessage } from '../requests/send-message.js'
import { getAgentAuthority } from './session-rights.js'

const plain = { prompt: 'do it', cwd: '/p' }

function templateOf(authority: CallerPermissions, named: boolean): LaunchTemplate {
  return {
    name: 'builder',
    candidate: { provider: 'claude', model: 'opus' },
    category: 'coding',
    mcp: 'none',
    setup: {},
    authority,
    ...(named && { named }),
  }
}

function withPreset(preset: PermissionPreset): CallerPermissions {
  return { preset, rules: noPermissionRules }
}

describe('no sequence of launches gives a child more than its parent', () => {
  test('by rank, by rules and by the decision on a call', async () => {
    let launched = 0
    for (let seed = 1; seed <= 80; seed += 1) launched += await descend(createDice(seed))
    // Most of them came about, and so there was something to compare.
    expect(launched).toBeGreaterThan(200)
  })
})

const maxDepth = 5

/** Launches a child of a child, each with what its environment says of its parent; returns how many came about. */
async function descend(dice: Dice): Promise<number> {
  const manual = createManualSupervisor({}, { maxDepth })
  let parent = anyAuthority(dice)
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const caller = `caller at ${depth}`
    manual.connect(caller, '/p', depth, parent)
    const asked = anyOrder(dice)
    const begun = await tryLaunch(manual, caller, asked)
    if (!begun) return depth
    const child = getAgentAuthority(begun.agent.profile)
    const named = depth === 0 && asked.template?.named ? asked.template.authority.preset : parent.preset
    const isMore = permissionPresets.indexOf(named) > permissionPresets.indexOf(parent.preset)
    expectWithin(child, isMore ? { ...parent, preset: named } : parent)
    const { ceiling, permissions } = begun.session.spec
    expect([ceiling, permissions]).toEqual([encodeCallerPermissions(child), child.preset])
    parent = decodeCallerPermissions(ceiling ?? '') ?? strictestCallerPermissions
    expect(encodeCallerPermissions(parent)).toBe(ceiling)
  }
  return maxDepth
}

async function tryLaunch(
  manual: ManualSupervisor,
  caller: string,
  asked: LaunchRequest,
): Promise<{ agent: Agent; session: ManualSession } | undefined> {
  const { agents } = manual.supervisor.state()
  let agent: Agent | undefined
  const code = codeOf(() => ({ agent } = launchSupervisedAgent(manual.supervisor, caller, asked)))
  if (agent) return { agent, session: await manual.opened() }
  expect(code).toBe('above-ceiling')
  expect(manual.supervisor.state().agents).toBe(agents)
  return undefined
}

/** Expects that a child's authority allows nothing that its parent's does not: by preset, by rules, by sample calls. */
function expectWithin(child: CallerPermissions, parent: CallerPermissions): void {
  const texts = (rules: readonly PermissionRule[]): string[] => rules.map(({ text }) => text)
  expect(permissionPresets.indexOf(child.preset)).toBeLessThanOrEqual(
    permissionPresets.indexOf(parent.preset),
  )
  expect(texts(child.rules.deny)).toEqual(expect.arrayContaining(texts(parent.rules.deny)))
  expect(texts(child.rules.ask)).toEqual(expect.arrayContaining(texts(parent.rules.ask)))
  expect(areCallerPermissionsWithin(parent, child)).toBe(true)
  for (const call of calls) {
    const why = `${JSON.stringify(call)} of ${JSON.stringify(child)} below ${JSON.stringify(parent)}`
    expect(rankOf(child, call), why).toBeLessThanOrEqual(rankOf(parent, call))
  }
}

function rankOf({ preset, rules }: CallerPermissions, call: ParsedToolCall): number {
  const policy = { preset, rules, testCommands: ['npm test'] }
  return ['deny', 'ask', 'allow'].indexOf(decideToolCall(policy, call, place).verdict)
}

const place: ToolCallContext = { cwd: '/p', home: '/home/me', realPath: (path) => path, names: () => [] }

const calls: readonly ParsedToolCall[] = [
  ...['ls', 'npm test', 'npm run build', 'git push --force', 'rm -rf /', 'rm src/a.ts', 'echo $(x)'].map(
    (command) => ({ tool: 'Bash', input: { command } }),
  ),
  ...['/p/src/a.ts', '/p/.env', '/home/me/.ssh/id'].flatMap((path) => [
    { tool: 'Read', input: { file_path: path } },
    { tool: 'Write', input: { file_path: path, content: '' } },
  ]),
  { tool: 'WebFetch', input: { url: 'https://example.com/' } },
  { tool: 'mcp__jira__create', input: {} },
].map((request) => parseToolCall('claude', request, place))

const texts = [
  'Bash(npm:*)',
  'Bash(git push:*)',
  'Bash(rm:*)',
  'Edit(src/**)',
  'Read(.env)',
  'WebFetch',
  'mcp__jira__*',
]
const known = texts.flatMap((text) => parsePermissionRule(text) ?? [])

function anyAuthority(dice: Dice): CallerPermissions {
  const some = (): PermissionRule[] => known.filter(() => dice(4) === 0)
  return { preset: anyPreset(dice), rules: { deny: some(), ask: some(), allow: some() } }
}

/** A random preset. Wide ones come more often, because a narrow ceiling hides all other differences. */
function anyPreset(dice: Dice): PermissionPreset {
  const wide = ['accept-edits', 'full-auto', 'full-auto'] as const
  return [...permissionPresets, ...wide][dice(7)] ?? 'ask'
}

function anyOrder(dice: Dice): LaunchRequest {
  if (dice(2) === 0) return { ...plain, template: templateOf(anyAuthority(dice), dice(2) === 0) }
  return dice(2) === 0 ? launchRequest : { ...launchRequest, permissions: anyPreset(dice) }
}

describe('an agent gets', () => {
  const manual = createManualSupervisor({}, { maxDepth })
  const { supervisor } = manual
  const given = (caller: string, asked: LaunchRequest): { preset: string; notes: readonly string[] } => {
    const { profile, notes } = launchSupervisedAgent(supervisor, caller, asked).agent
    return { preset: getAgentAuthority(profile).preset, notes }
  }
  manual.connect('reader', '/p', 0, withPreset('read-only'))
  manual.connect('agent', '/p', 1, withPreset('accept-edits'))

  test('the default, or the authority of its caller if that is less', () => {
    expect(given('me', launchRequest)).toEqual({ preset: 'ask', notes: [] })
    const note = 'permissions are read-only, not ask (the default): its caller has no more to give'
    expect(given('reader', launchRequest)).toEqual({ preset: 'read-only', notes: [note] })
  })

  test('the rules that its caller has, where no definition says others', () => {
    const [deny, ask, allow] = known.map((rule) => [rule])
    const rules = { deny: deny ?? [], ask: ask ?? [], allow: allow ?? [] }
    manual.connect('ruled', '/p', 0, { preset: 'accept-edits', rules })
    const { profile } = launchSupervisedAgent(supervisor, 'ruled', launchRequest).agent
    expect(getAgentAuthority(profile)).toEqual({ preset: 'ask', rules })
  })

  test('the authority that its caller asks for; more than the caller can grant is refused', () => {
    expect(given('me', { ...launchRequest, permissions: 'accept-edits' }).preset).toBe('accept-edits')
    const { agents } = supervisor.state()
    for (const [caller, permissions] of [
      ['me', 'full-auto'],
      ['reader', 'ask'],
    ] as const) {
      expect(codeOf(() => launchSupervisedAgent(supervisor, caller, { ...launchRequest, permissions }))).toBe(
        'above-ceiling',
      )
    }
    expect(supervisor.state().agents).toBe(agents)
  })

  test('the authority of its definition, limited to that of its caller, with a note', () => {
    const template = templateOf(withPreset('full-auto'), false)
    const note =
      "permissions are accept-edits, not full-auto (asked for by agent 'builder'): its caller has no more to give"
    expect(given('me', { ...plain, template })).toEqual({ preset: 'accept-edits', notes: [note] })
  })

  test('all that its definition says where the user names it, but below a host alone', () => {
    const template = templateOf(withPreset('full-auto'), true)
    expect(given('me', { ...plain, template })).toEqual({ preset: 'full-auto', notes: [] })
    expect(given('agent', { ...plain, template }).preset).toBe('accept-edits')
  })

  test('no authority if its caller is no longer known', () => {
    expect(codeOf(() => launchSupervisedAgent(supervisor, 'gone', launchRequest))).toBe('above-ceiling')
  })

  test('no folder outside of that of the agent that launches it', () => {
    for (const [cwd, code] of [
      ['/p/below', 'no error'],
      ['/p/../q', 'above-ceiling'],
      ['/', 'above-ceiling'],
    ] as const) {
      expect(codeOf(() => launchSupervisedAgent(supervisor, 'agent', { ...launchRequest, cwd }))).toBe(code)
    }
    const { id: agentId } = launchSupervisedAgent(supervisor, 'me', { ...launchRequest, cwd: '/q' }).agent
      .profile
    const message = { agentId, text: 'do it there', steer: false, caller: 'agent' }
    expect(codeOf(() => sendMessage(supervisor, message))).toBe('above-ceiling')
  })

  test('at most the current authority of the caller that reopens its session', async () => {
    const { id, session } = await manual.launched()
    session.sink({ type: 'session-identified', sessionId: 's1' })
    session.finish()
    session.sink({ type: 'session-closed' })
    const strict: CallerPermissions = {
      preset: 'read-only',
      rules: { ...noPermissionRules, deny: known.slice(0, 1) },
    }
    manual.connect('stricter', '/p', 0, strict)
    sendMessage(supervisor, { agentId: id, text: 'again', steer: false, caller: 'stricter' })
    const { spec } = await manual.opened()
    expect([spec.permissions, spec.asksAll, spec.ceiling]).toEqual([
      'read-only',
      true,
      encodeCallerPermissions(strict),
    ])
  })

  test('no message of an agent that may do less than itself', () => {
    const { id: agentId } = launchSupervisedAgent(supervisor, 'me', {
      ...launchRequest,
      permissions: 'accept-edits',
    }).agent.profile
    manual.connect('lesser', '/p', 1, withPreset('ask'))
    const message = { agentId, text: 'push it', steer: false }
    expect(codeOf(() => sendMessage(supervisor, { ...message, caller: 'lesser' }))).toBe('above-ceiling')
    for (const caller of ['agent', 'reader']) {
      expect(codeOf(() => sendMessage(supervisor, { ...message, caller }))).toBe('no error')
    }
  })
})
