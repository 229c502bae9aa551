import { expect, it } from 'vitest'
import { selectPoolEnvironment } from './pool-environment.js'

it.each([
  ...[
    'PATH',
    'HOME',
    'USER',
    'SHELL',
    'LANG',
    'LC_ALL',
    'TMPDIR',
    'XDG_CONFIG_HOME',
    'https_proxy',
    'NO_PROXY',
  ],
  ...[
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'ANTHROPIC_API_KEY',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_OAUTH_TOKEN',
  ],
  ...['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_MAX_RETRIES', 'CODEX_HOME', 'OPENAI_API_KEY', 'GEMINI_API_KEY'],
  ...[
    'GOOGLE_CLOUD_PROJECT',
    'AWS_PROFILE',
    'AWS_SESSION_TOKEN',
    'AZURE_OPENAI_API_KEY',
    'SUBAGENT_MCP_CLAUDE_PATH',
  ],
  ...['SystemRoot', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'Path'],
  ...['__CF_USER_TEXT_ENCODING', 'IS_SANDBOX', 'DISABLE_TELEMETRY'],
])('%s passes', (name) => {
  expect(selectPoolEnvironment({ [name]: 'x' }, [])).toEqual({ [name]: 'x' })
})

it.each([
  ...['TERM', 'TERM_SESSION_ID', 'SHLVL', 'PWD', 'OLDPWD', '_', 'XDG_SESSION_ID', 'LC_TERMINAL', 'SSH_TTY'],
  ...[
    'VSCODE_PID',
    'GITHUB_TOKEN',
    'npm_lifecycle_event',
    'CLAUDECODE',
    'CLAUDE_PID',
    'CLAUDE_CODE_SESSION_ID',
  ],
  ...['CLAUDE_CODE_SSE_PORT', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_PROJECT_DIR', 'SUBAGENT_MCP_NONCE'],
  ...['SUBAGENT_MCP_DEPTH', 'CLAUDE_CODE_BRIDGE_X', 'CLAUDE_CODE_MESSAGING_SOCKET', 'CLAUDE_CODE_AGENT'],
])('%s does not', (name) => {
  expect(selectPoolEnvironment({ [name]: 'x' }, [])).toEqual({})
})

it('lets through what is named, and nothing without a value', () => {
  const environment = { GITHUB_TOKEN: 't', DATABASE_URL: 'd', HOME: undefined }
  expect(selectPoolEnvironment(environment, ['GITHUB_TOKEN'])).toEqual({ GITHUB_TOKEN: 't' })
})
