import { depthVariables } from '@subagent-mcp/driver-kit'
import { ceilingText } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { openDeskHouse } from '../agents/agents-desk.test.support.js'
import type { MailVisitor } from '../mail/caller-mail.js'
import { createModeDesk } from '../mode/mode-desk.js'
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
    modeFor: createModeDesk(environment, () => 0),
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
    modeFor: createModeDesk(environment, () => 0),
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
