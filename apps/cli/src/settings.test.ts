import { expect, test } from 'vitest'
import { readSettings } from './settings.js'

test('without a word there are defaults', () => {
  expect(readSettings({})).toEqual({ stalledAfter: 600_000 })
})

test('variables set them', () => {
  const environment = { SUBAGENT_MCP_STALLED_AFTER: '1.5', SUBAGENT_MCP_CLAUDE_PATH: '/c' }
  expect(readSettings(environment)).toEqual({ stalledAfter: 1500, claudePath: '/c' })
})

test.each(['soon', '0', '-1', '1e99'])('nonsense is refused by name: %s', (value) => {
  expect(() => readSettings({ SUBAGENT_MCP_STALLED_AFTER: value })).toThrow(
    `SUBAGENT_MCP_STALLED_AFTER is '${value}'`,
  )
})
