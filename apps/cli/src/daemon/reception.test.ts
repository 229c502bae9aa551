import { depthVariables } from '@subagent-mcp/driver-kit'
import { ceilingText } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { openDeskHouse } from '../agents/agents-desk.test.support.js'
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
