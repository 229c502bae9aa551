import { expect, test } from 'vitest'
import { daemonEnvironment } from './daemon-environment.js'

test('a daemon gets what it needs to find its way', () => {
  const needed = { HOME: '/h', PATH: '/bin', Path: 'C:\\', TMPDIR: '/t', LC_ALL: 'C', XDG_STATE_HOME: '/s' }
  const settings = { SUBAGENT_MCP_HOME: '/o', SUBAGENT_MCP_STALLED_AFTER: '5', SystemRoot: 'C:\\Windows' }
  expect(daemonEnvironment({ ...needed, ...settings })).toEqual({ ...needed, ...settings })
})

test('no keys, no marks of the session that started it, nothing that changes node', () => {
  const others = {
    ANTHROPIC_API_KEY: 'k',
    CLAUDECODE: '1',
    CLAUDE_CODE_SESSION_ID: 's',
    NODE_OPTIONS: '--inspect',
    SUBAGENT_MCP_NONCE: 'n',
    SUBAGENT_MCP_DEPTH: '1',
    HOMEBREW_GITHUB_API_TOKEN: 't',
  }
  expect(daemonEnvironment(others)).toEqual({})
})
