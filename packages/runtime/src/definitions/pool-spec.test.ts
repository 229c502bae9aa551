import { containing, matching } from '@subagent-mcp/testkit'
import { encodeCallerPermissions } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { openServiceStage } from './agent-service.test.support.js'
import { createAgentPoolSpec } from './pool-spec.js'
import { authority } from '../authority.test.support.js'
import { defaultPoolSettings } from './pool-settings.js'
import { readRunnableAgent } from './runnable-agent.js'

test("the spec of a pooled process has the pool's units", () => {
  const { define, write, project, environment, driver, supervisor } = openServiceStage()
  write('map.md', ['a map'])
  define('a', [
    'model: opus',
    'effort: low',
    'mcpServers: inherit',
    'pool: { recycleAfterTasks: 7, recycleAfterMinutes: 2 }',
    'prime: { prompt: Read this., files: [map.md] }',
  ])
  const caller = { caller: 'c', cwd: project, environment: { ...environment, EDITOR: 'vi' }, depth: 1 }
  const drivers = new Map([['claude', driver]])
  const query = {
    name: 'a',
    folder: undefined,
    caller,
    project,
    drivers,
    bypassPermissions: [],
    definitionVariables: {},
    settingsPlace: 'the settings',
    supervisor,
  }
  const rights = authority('accept-edits', { deny: ['Bash(rm:*)'] })
  const context = { project, caller, authority: rights, poolDefaults: defaultPoolSettings }
  const recipe = createAgentPoolSpec(readRunnableAgent({ ...query, ceiling: 'ask' }), context)
  expect(recipe).toEqual({
    ...{ agent: 'a', project, provider: 'claude' },
    spec: {
      ...{ cwd: project, environment, depth: 2, ephemeral: true },
      ...{ model: 'opus', effort: 'low', mcp: 'inherit' },
      ...{ permissions: 'accept-edits', asksAll: true, ceiling: encodeCallerPermissions(rights) },
      appendSystemPrompt: containing('You are a.'),
    },
    fingerprint: [matching(/^[0-9a-f]{64}$/), '/hand 1'],
    prime: containing('a map'),
    limits: { tasks: 7, ageMs: 120_000, memoryBytes: 400 * 1024 * 1024, idleMs: 600_000 },
  })
})
