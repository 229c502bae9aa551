import { depthVariables } from '@subagent-mcp/driver-kit'
import { createModeService, openModeStore, type ModeService } from '@subagent-mcp/orchestration'
import { ceilingText } from '@subagent-mcp/permissions'
import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { openDeskHouse } from '../agents/agents-desk.test.support.js'
import type { MailVisitor } from '../mail/caller-mail.js'
import { authority } from '../permissions/authority.test.support.js'
import { defaultConfig } from '../settings/config.js'
import { createEnvironments } from './caller-environments.js'
import { createReception } from './reception.js'

test('who comes can give what it has: a host what its user says, an agent what it was given', () => {
  const { supervisor, agents, home, project, environment } = openDeskHouse()
  const welcome = createReception({
    supervisor,
    environments: createEnvironments(),
    config: defaultConfig(),
    ceiling: authority('accept-edits', { deny: ['WebFetch'] }),
    stalledAfter: 1,
    home,
    recover: () => Promise.resolve(),
    agentsFor: agents,
    modeFor: modesIn(home),
    mailFor: () => undefined,
  })
  const given = ceilingText(authority('ask', { ask: ['Edit'] }))
  const visits = [{}, depthVariables({ depth: 1, ceiling: given }), depthVariables({ depth: 1 })].map(
    (marks) => welcome({ cwd: project, environment: { ...environment, ...marks } }),
  )
  const { callers } = supervisor.fleet()
  expect(visits.map(({ caller }) => callers.get(caller)?.authority)).toEqual([
    authority('accept-edits', { deny: ['WebFetch'] }),
    authority('ask', { deny: ['WebFetch'], ask: ['Edit'] }),
    authority('read-only', { deny: ['WebFetch'] }),
  ])
  for (const visit of visits) visit.leave()
})

test('an agent is offered the tools that its session names, and a host all of them', () => {
  const { supervisor, agents, home, project, environment } = openDeskHouse()
  const asked: MailVisitor[] = []
  const welcome = createReception({
    supervisor,
    environments: createEnvironments(),
    config: defaultConfig(),
    ceiling: authority('accept-edits'),
    stalledAfter: 1,
    home,
    recover: () => Promise.resolve(),
    agentsFor: agents,
    modeFor: modesIn(home),
    mailFor: (visitor) => {
      asked.push(visitor)
      return undefined
    },
  })
  const own = { SUBAGENT_MCP_TOOLS: 'chat, sync', SUBAGENT_MCP_MAILBOX: 'api' }
  const marks = [own, { ...own, ...depthVariables({ depth: 1 }) }, depthVariables({ depth: 1 })]
  const visits = marks.map((more) =>
    welcome({ cwd: project, environment: { ...environment, ...more }, pid: 1 }),
  )
  expect(visits.map(({ offers }) => offers)).toEqual([undefined, ['chat', 'sync'], undefined])
  visits.push(welcome({ cwd: project, environment, terminal: true }))
  expect(asked.map(({ caller, depth }) => [caller, depth])).toEqual(
    visits.slice(0, 3).map(({ caller }, index) => [caller, index === 0 ? 0 : 1]),
  )
  for (const visit of visits) visit.leave()
})

test('an agent and those that it launches have the mailbox of its session, those of a worker the worker’s', () => {
  const { supervisor, agents, home, project, environment } = openDeskHouse()
  const environments = createEnvironments()
  const asked: MailVisitor[] = []
  const welcome = createReception({
    ...{ supervisor, environments, home, config: defaultConfig(), ceiling: authority('accept-edits') },
    ...{ stalledAfter: 1, recover: () => Promise.resolve(), agentsFor: agents },
    modeFor: modesIn(home),
    mailFor: (visitor) => {
      asked.push(visitor)
      return undefined
    },
  })
  const child = spawn('sleep', ['1000'], {
    env: { ...process.env, SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_MAILBOX: 'web' },
  })
  onTestFinished(() => void child.kill())
  const forged = { ...environment, SUBAGENT_MCP_MAILBOX: 'api' }
  const inside = { cwd: project, environment: forged, ...(child.pid !== undefined && { pid: child.pid }) }
  const visits = [
    welcome({ cwd: project, environment: forged }),
    welcome(inside),
    welcome({ ...inside, terminal: true, mailbox: 'docs' }),
  ]
  const mailboxes = visits.map(({ caller }) => environments.of(caller)['SUBAGENT_MCP_MAILBOX'])
  expect(mailboxes).toEqual(['', 'web', 'docs'])
  expect(asked.map((visitor) => visitor.environment['SUBAGENT_MCP_MAILBOX'])).toEqual(['', 'web'])
  for (const visit of visits) visit.leave()
})

test('a caller is known again by its key alone, and nobody takes its place while it is connected', () => {
  const { supervisor, agents, home, project, environment } = openDeskHouse()
  const environments = createEnvironments()
  const welcome = createReception({
    ...{ supervisor, environments, home, config: defaultConfig(), ceiling: authority('accept-edits') },
    ...{ stalledAfter: 1, recover: () => Promise.resolve(), agentsFor: agents },
    modeFor: modesIn(home),
    mailFor: () => undefined,
  })
  const [cwd, key, other] = [project, 'one'.repeat(20), 'two'.repeat(20)]
  const first = welcome({ cwd, environment, key })
  expect(first.caller).not.toContain('one')
  expect(() => welcome({ cwd, environment, key })).toThrow('is connected')
  expect(supervisor.fleet().callers.size).toBe(1)
  const visits = [welcome({ cwd, environment, key: other }), welcome({ cwd, environment, key: first.caller })]
  expect(new Set([first, ...visits].map(({ caller }) => caller)).size).toBe(3)
  first.leave()
  const again = welcome({ cwd, environment: { ...environment, NEWER: '1' }, key })
  expect(again.caller).toBe(first.caller)
  expect(environments.of(again.caller)).toMatchObject({ NEWER: '1' })
  for (const visit of [again, ...visits]) visit.leave()
})

function modesIn(stateFolder: string): ModeService {
  const store = openModeStore({ stateFolder, now: () => 0 })
  return createModeService({ store, hookedHosts: () => Promise.resolve([]) })
}
