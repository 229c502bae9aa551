import { expect, test } from 'vitest'
import { findKeyVariableNames } from './key-variable-names.js'

test('keys are what providers are reached with and what looks like a secret, by name alone', () => {
  const keys = {
    OPENAI_API_KEY: 'k',
    ANTHROPIC_BASE_URL: 'u',
    GITHUB_TOKEN: 't',
    https_proxy: 'p',
    API_KEY: 'a',
  }
  const others = { PATH: '/bin', XDG_STATE_HOME: '/s', SUBAGENT_MCP_HOME: '/h', KEYMAP: 'us', TERM: 'xterm' }
  const session = { CLAUDE_CODE_SESSION_ACCESS_TOKEN: 's' }
  expect(findKeyVariableNames({ ...others, ...session, ...keys, GEMINI_API_KEY: '' })).toEqual(
    Object.keys(keys).sort(),
  )
})
