import { childEnvironment } from '@subagent-mcp/driver-kit'

/**
 * What a pooled process gets of a caller's environment: where things are, how the network is reached, who pays, and
 * the variables `names`. Little enough that all windows and terminals of a user share their processes.
 */
export function poolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  // Windows does not tell upper from lower case, and proxies are written in both.
  const named = new Set(names.map((name) => name.toUpperCase()))
  const passes = (name: string): boolean =>
    named.has(name) || ((usual.has(name) || families.test(name)) && !ofOneSession.test(name))
  return Object.fromEntries(
    Object.entries(childEnvironment(environment)).filter(([name]) => passes(name.toUpperCase())),
  )
}

const machine = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'IS_SANDBOX'],
  ...['DEVELOPER_DIR', 'SDKROOT', '__CF_USER_TEXT_ENCODING'],
]

const network = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'FTP_PROXY'],
  ...[
    'NODE_EXTRA_CA_CERTS',
    'NODE_USE_SYSTEM_CA',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
  ],
  ...['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
]

const windows = [
  ...[
    'SYSTEMROOT',
    'SYSTEMDRIVE',
    'WINDIR',
    'COMSPEC',
    'PATHEXT',
    'OS',
    'TEMP',
    'TMP',
    'PUBLIC',
    'ALLUSERSPROFILE',
  ],
  ...[
    'USERPROFILE',
    'USERNAME',
    'USERDOMAIN',
    'HOMEDRIVE',
    'HOMEPATH',
    'APPDATA',
    'LOCALAPPDATA',
    'PROGRAMDATA',
  ],
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'NUMBER_OF_PROCESSORS'],
  ...['PROCESSOR_ARCHITECTURE', 'PSMODULEPATH'],
]

const usual = new Set([...machine, ...network, ...windows])

/** What names a locale, a folder of the user's, an account, a provider or how it is to be used; and what is ours. */
const families = new RegExp(
  [
    '^LC_(?!TERMINAL)',
    '^XDG_(CONFIG|DATA|CACHE|STATE|RUNTIME)_',
    '^(ANTHROPIC|CLAUDE|CODEX|OPENAI|GEMINI|GOOGLE|GCLOUD|VERTEX|AWS|AZURE|MISTRAL|OPENROUTER|OLLAMA|XAI|DEEPSEEK)_',
    '^(API_TIMEOUT_MS|MAX_THINKING_TOKENS|BASH_(DEFAULT|MAX)_|MCP_(TIMEOUT|TOOL_TIMEOUT)|USE_BUILTIN_RIPGREP)',
    '^DISABLE_(AUTOUPDATER|TELEMETRY|ERROR_REPORTING|PROMPT_CACHING|COST_WARNINGS)',
    '^(CLOUDSDK_|CLOUD_ML_REGION$)',
    '^SUBAGENT_MCP_',
  ].join('|'),
)

/** Of a session that the caller runs in, beside what `childEnvironment` takes out: it would split a pool. */
const ofOneSession = /_SESSION_ID$/
