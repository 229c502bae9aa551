import { createNestingVariables } from '@subagent-mcp/driver-kit'
import { encodeCallerPermissions } from '@subagent-mcp/permissions'
import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { openServiceStage } from '../definitions/agent-service.test.support.js'
import type { MailCaller } from '../mail/caller-mail.js'
import { authority } from '../authority.test.support.js'
import { disabledWorktrees } from '../worktrees/agent-worktrees.js'
import { recordAgentEdits } from '../worktrees/record-agent-edits.js'
import { createCallerEnvironments } from './caller-environments.js'
import { createConnections } from './connections.js'

test('a host can grant what its user allows, an agent its own authority', () => {
  const { supervisor, agents, project, environment } = openServiceStage()
  const connect = createConnections({
    supervisor,
    environments: createCallerEnvironments(),
    maxDepth: 1,
    onHostExit: 'keep',
    ceiling: authority('accept-edits', { deny: ['WebFetch'] }),
    stalledAfter: 1,
    saveText: () => ({ path: '' }),
    recover: () => Promise.resolve(),
    ...{ worktrees: disabledWorktrees, edits: recordAgentEdits(supervisor) },
    agentsFor: agents,
    mailFor: () => undefined,
  })
  const given = encodeCallerPermissions(authority('ask', { ask: ['Edit'] }))
  const visits = [
    {},
    createNestingVariables({ depth: 1, ceiling: given }),
    createNestingVariables({ depth: 1 }),
  ].map((marks) => connect({ cwd: project, environment: { ...environment, ...marks } }))
  const { callers } = supervisor.state()
  expect(visits.map(({ caller }) => callers.get(caller)?.authority)).toEqual([
    authority('accept-edits', { deny: ['WebFetch'] }),
    authority('ask', { deny: ['WebFetch'], ask: ['Edit'] }),
    authority('read-only', { deny: ['WebFetch'] }),
  ])
  for (const visit of visits) visit.disconnect()
})

test('an agent is offered the tools that its session names, and a host all of them', () => {
  const { supervisor, agents, project, environment } = openServiceStage()
  const asked: MailCaller[] = []
  const connect = createConnections({
    supervisor,
    environments: createCallerEnvironments(),
    maxDepth: 1,
    onHostExit: 'keep',
    ceiling: authority('accept-edits'),
    stalledAfter: 1,
    saveText: () => ({ path: '' }),
    recover: () => Promise.resolve(),
    ...{ worktrees: disabledWorktrees, edits: recordAgentEdits(supervisor) },
    agentsFor: agents,
    mailFor: (client) => {
      asked.push(client)
      return undefined
    },
  })
  const own = { SUBAGENT_MCP_TOOLS: 'chat, sync', SUBAGENT_MCP_MAILBOX: 'api' }
  const marks = [
    own,
    { ...own, ...createNestingVariables({ depth: 1 }) },
    createNestingVariables({ depth: 1 }),
  ]
  const visits = marks.map((more) =>
    connect({ cwd: project, environment: { ...environment, ...more }, pid: 1 }),
  )
  expect(visits.map(({ offers }) => offers)).toEqual([undefined, ['chat', 'sync'], undefined])
  visits.push(connect({ cwd: project, environment, terminal: true }))
  expect(asked.map(({ caller, depth }) => [caller, depth])).toEqual(
    visits.slice(0, 3).map(({ caller }, index) => [caller, index === 0 ? 0 : 1]),
  )
  for (const visit of visits) visit.disconnect()
})

test("an agent and the agents that it launches use the mailbox name of its session; agents of a worker use the worker's name", () => {
  const { supervisor, agents, project, environment } = openServiceStage()
  const environments = createCallerEnvironments()
  const asked: MailCaller[] = []
  const connect = createConnections({
    ...{ supervisor, environments, ceiling: authority('accept-edits'), maxDepth: 1 },
    ...{
      onHostExit: 'keep',
      saveText: () => ({ path: '' }),
      stalledAfter: 1,
      recover: () => Promise.resolve(),
      ...{ worktrees: disabledWorktrees, edits: recordAgentEdits(supervisor) },
      agentsFor: agents,
    },
    mailFor: (client) => {
      asked.push(client)
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
    connect({ cwd: project, environment: forged }),
    connect(inside),
    connect({ ...inside, terminal: true, mailbox: 'docs' }),
  ]
  const mailboxes = visits.map(({ caller }) => environments.of(caller)['SUBAGENT_MCP_MAILBOX'])
  expect(mailboxes).toEqual(['', 'web', 'docs'])
  expect(asked.map((client) => client.environment['SUBAGENT_MCP_MAILBOX'])).toEqual(['', 'web'])
  for (const visit of visits) visit.disconnect()
})

test('a caller is identified by its key only, and no other connection takes its place while it is connected', () => {
  const { supervisor, agents, project, environment } = openServiceStage()
  const environments = createCallerEnvironments()
  const connect = createConnections({
    ...{ supervisor, environments, ceiling: authority('accept-edits'), maxDepth: 1 },
    ...{
      onHostExit: 'keep',
      saveText: () => ({ path: '' }),
      stalledAfter: 1,
      recover: () => Promise.resolve(),
      ...{ worktrees: disabledWorktrees, edits: recordAgentEdits(supervisor) },
      agentsFor: agents,
    },
    mailFor: () => undefined,
  })
  const [cwd, key, other] = [project, 'one'.repeat(20), 'two'.repeat(20)]
  const first = connect({ cwd, environment, key })
  expect(first.caller).not.toContain('one')
  expect(() => connect({ cwd, environment, key })).toThrow('is already connected')
  expect(supervisor.state().callers.size).toBe(1)
  const visits = [connect({ cwd, environment, key: other }), connect({ cwd, environment, key: first.caller })]
  expect(new Set([first, ...visits].map(({ caller }) => caller)).size).toBe(3)
  first.disconnect()
  const again = connect({ cwd, environment: { ...environment, NEWER: '1' }, key })
  expect(again.caller).toBe(first.caller)
  expect(environments.of(again.caller)).toMatchObject({ NEWER: '1' })
  for (const visit of [again, ...visits]) visit.disconnect()
})
