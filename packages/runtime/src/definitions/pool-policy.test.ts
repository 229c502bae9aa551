import { encodeCallerPermissions } from '@subagent-mcp/permissions'
import { selectPoolEnvironment, type PoolSpec } from '@subagent-mcp/pool'
import { expect, test } from 'vitest'
import { authority } from '../authority.test.support.js'
import { createToolCallJudge } from '@subagent-mcp/core'
import { makeDefinitionFolders } from '@subagent-mcp/testkit'
import { createPoolPolicy } from './pool-spec.js'

test('before its first task a process may do what its tasks may, and hardly anything where that is unknown', () => {
  const { project, home, environment } = makeDefinitionFolders()
  const rule = createPoolPolicy(createToolCallJudge({ testCommands: {}, home }))
  const recipe = (ceiling?: string): PoolSpec => ({
    ...{ agent: 'a', project, provider: 'claude', fingerprint: [] },
    spec: {
      ...{ cwd: project, environment: selectPoolEnvironment(environment, []), mcp: 'none' },
      ...(ceiling !== undefined && { ceiling }),
    },
    limits: { tasks: 1, ageMs: 1, memoryBytes: 1, idleMs: 1 },
  })
  const given = recipe(
    encodeCallerPermissions(authority('accept-edits', { deny: ['Read(.env)'], ask: ['WebFetch'] })),
  )
  const read = (file_path: string) => ({ tool: 'Read', input: { file_path } })
  const edit = { tool: 'Edit', input: { file_path: 'a.ts' } }
  expect(rule(given, read('docs/map.md')).verdict).toBe('allow')
  expect(rule(given, read('.env'))).toEqual({ verdict: 'deny', by: 'rule Read(.env)' })
  expect(rule(given, edit).verdict).toBe('allow')
  expect(rule(given, { tool: 'WebFetch', input: { url: 'https://docs.rs' } }).verdict).toBe('ask')
  expect([rule(recipe(), edit).verdict, rule(recipe(), read('a.ts')).verdict]).toEqual(['deny', 'allow'])
})
