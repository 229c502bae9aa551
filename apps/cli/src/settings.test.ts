import { expect, test } from 'vitest'
import { readSettings } from './settings.js'

test('without a word there are defaults', () => {
  expect(readSettings({})).toEqual({ stalledAfter: 600_000, paths: {} })
})

test('variables set them', () => {
  const environment = {
    SUBAGENT_MCP_STALLED_AFTER: '1.5',
    SUBAGENT_MCP_CLAUDE_PATH: '/c',
    SUBAGENT_MCP_CODEX_PATH: '/x',
    SUBAGENT_MCP_GEMINI_PATH: '/g',
  }
  const paths = { claude: '/c', codex: '/x', gemini: '/g' }
  expect(readSettings(environment)).toEqual({ stalledAfter: 1500, paths })
})

test.each(['soon', '0', '-1', '1e99'])('nonsense is refused by name: %s', (value) => {
  expect(() => readSettings({ SUBAGENT_MCP_STALLED_AFTER: value })).toThrow(
    `SUBAGENT_MCP_STALLED_AFTER is '${value}'`,
  )
})
