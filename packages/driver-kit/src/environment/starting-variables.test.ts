import { expect, test } from 'vitest'
import { isProgramStartVariable, programStartVariables } from './starting-variables.js'

test.each([
  ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'NODE_OPTIONS', 'NODE_PATH'],
  ...[
    'node_options',
    'npm_config_node_options',
    'BASH_ENV',
    'ENV',
    'ZDOTDIR',
    'PS4',
    'PROMPT_COMMAND',
    'SHELLOPTS',
  ],
  ...[
    'BASH_FUNC_ls%%',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'GIT_EXEC_PATH',
    'GIT_EXTERNAL_DIFF',
    'GIT_PAGER',
  ],
  ...[
    'PYTHONSTARTUP',
    'PYTHONPATH',
    'PYTHONHOME',
    'PERL5OPT',
    'PERL5LIB',
    'RUBYOPT',
    'RUBYLIB',
    'JAVA_TOOL_OPTIONS',
  ],
  ...[
    '_JAVA_OPTIONS',
    'CLASSPATH',
    'PATH',
    'Path',
    'HOME',
    'EDITOR',
    'PAGER',
    'LESSOPEN',
    'MANPAGER',
    'BROWSER',
  ],
  ...[
    'HTTP_PROXY',
    'https_proxy',
    'ALL_PROXY',
    'NO_PROXY',
    'npm_config_proxy',
    'ANTHROPIC_BASE_URL',
    'OPENAI_BASE_URL',
  ],
  ...[
    'GOOGLE_GEMINI_BASE_URL',
    'OPENAI_API_BASE',
    'AWS_ENDPOINT_URL',
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
  ],
  ...[
    'RUSTC_WRAPPER',
    'CARGO_BUILD_RUSTC_WRAPPER',
    'GOFLAGS',
    'MAKEFLAGS',
    'CC',
    'DOTNET_STARTUP_HOOKS',
    'KUBECONFIG',
  ],
  ...[
    'CLAUDE_CONFIG_DIR',
    'CODEX_HOME',
    'OPENCODE_CONFIG_CONTENT',
    'SUBAGENT_MCP_HOME',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ],
])('%s changes how a program starts', (name) => {
  expect(isProgramStartVariable(name)).toBe(true)
})

test.each([
  ...[
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'OPENAI_API_KEY',
    'ANTHROPIC_API_KEY',
    'DATABASE_URL',
    'MY_SERVICE_URL',
    'STRIPE_KEY',
  ],
  ...[
    'SENTRY_DSN',
    'JIRA_USER',
    'TZ',
    'LANG',
    'NPM_TOKEN',
    'GOOGLE_API_KEY',
    'AWS_ACCESS_KEY_ID',
    'REGION',
    'LINEAR_API_KEY',
  ],
])('%s does not', (name) => {
  expect(isProgramStartVariable(name)).toBe(false)
})

test('each group is in capitals and has a reason', () => {
  for (const { reason, names, prefixes = [], suffixes = [] } of programStartVariables) {
    expect(reason).not.toBe('')
    for (const text of [...names, ...prefixes, ...suffixes]) expect(text).toBe(text.toUpperCase())
  }
})
