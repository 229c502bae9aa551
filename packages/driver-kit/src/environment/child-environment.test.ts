import { expect, it } from 'vitest'
import { buildChildEnvironment } from './child-environment.js'
import { cliSessionVariables } from './session-variables.js'

it.each([
  ['passes on what is not ours to judge', { PATH: '/bin', HOME: '/h' }, {}, { PATH: '/bin', HOME: '/h' }],
  ['drops what has no value', { A: undefined, B: '' }, {}, { B: '' }],
  ['drops the nesting guard', { CLAUDECODE: '1', CLAUDE_CODE_CHILD_SESSION: '1', A: 'a' }, {}, { A: 'a' }],
  ['drops the session', { CLAUDE_CODE_SESSION_ID: 'x', CLAUDE_CODE_ENTRYPOINT: 'cli' }, {}, {}],
  ['drops whole families', { CLAUDE_BG_SOURCE: 'spare', CLAUDE_BG_WHATEVER_COMES_NEXT: '1' }, {}, {}],
  [
    'drops the mark of the agent that the caller is in',
    { SUBAGENT_MCP_NONCE: 'a.b', SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_CEILING: 'c' },
    {},
    {},
  ],
  ['lets additions win', { A: 'a' }, { A: 'b', C: 'c' }, { A: 'b', C: 'c' }],
  ['lets an addition without a value remove', { A: 'a' }, { A: undefined }, {}],
  [
    'lets an addition set a session variable',
    {},
    { CLAUDE_CODE_ENTRYPOINT: 'x' },
    { CLAUDE_CODE_ENTRYPOINT: 'x' },
  ],
])('%s', (_name, caller, additions, expected) => {
  expect(buildChildEnvironment(caller, additions)).toEqual(expected)
})

it('drops all that claude 2.1.329 was seen to set for MCP servers and hooks', () => {
  const seen = {
    AI_AGENT: 'claude-code_2-1-329_harness',
    CLAUDECODE: '1',
    CLAUDE_CODE_CHILD_NOTES_DIR: '/tmp/claude-0/-work/daef18a6/started',
    CLAUDE_CODE_CHILD_SESSION: '1',
    CLAUDE_CODE_ENTRYPOINT: 'sdk-cli',
    CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS: 'daef18a6',
    CLAUDE_CODE_MESSAGING_SOCKET: '/tmp/cc-socks/5.sock',
    CLAUDE_CODE_MESSAGING_TOKEN: '9e1e1074',
    CLAUDE_CODE_SESSION_ATTENDED: '0',
    CLAUDE_CODE_SESSION_ID: 'daef18a6',
    CLAUDE_ENV_FILE: '/home/me/.claude/session-env/daef18a6/sessionstart-hook-0.sh',
    CLAUDE_PID: '5',
    CLAUDE_PROJECT_DIR: '/work',
  }
  expect(buildChildEnvironment({ ...seen, HOME: '/home/me' })).toEqual({ HOME: '/home/me' })
})

it.each([
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_MODEL',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR',
  'CLAUDE_CODE_API_KEY_HELPER_TTL_MS',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_SKIP_BEDROCK_AUTH',
  'CLAUDE_CODE_CLIENT_CERT',
  'CLAUDE_CODE_HOST_AUTH_ENV_VAR',
  'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_CODE_MAX_RETRIES',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  'CLAUDE_CODE_SHELL',
  'CLAUDE_CODE_TMPDIR',
  'HTTPS_PROXY',
])('%s stays: it is sign-in or a setting', (name) => {
  expect(buildChildEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' })
})

it('names each variable once', () => {
  const names = cliSessionVariables.flatMap((group) => group.names)
  expect(new Set(names).size).toBe(names.length)
})
