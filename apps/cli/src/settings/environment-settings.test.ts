import { expect, test } from 'vitest'
import { readEnvironmentSettings } from './user-settings.js'

test('without a word there are defaults', () => {
  expect(readEnvironmentSettings({})).toEqual({ stalledAfter: 600_000 })
})

test('a variable sets it', () => {
  expect(readEnvironmentSettings({ SUBAGENT_MCP_STALLED_AFTER: '1.5' })).toEqual({ stalledAfter: 1500 })
})

test.each(['soon', '0', '-1', '1e99'])('nonsense is told by name, and the default holds: %s', (value) => {
  expect(readEnvironmentSettings({ SUBAGENT_MCP_STALLED_AFTER: value })).toMatchObject({
    stalledAfter: 600_000,
    problem: { code: 'config-invalid', message: `SUBAGENT_MCP_STALLED_AFTER is '${value}'` },
  })
})
