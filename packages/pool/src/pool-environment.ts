import { buildChildEnvironment } from '@subagent-mcp/driver-kit'

/**
 * Selects the variables of a caller's environment that a pooled process gets: those for paths, network, accounts and
 * providers, and the variables `names`. Few enough that all windows and terminals of a user can share processes.
 */
export function selectPoolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  // Windows ignores the case of names, and proxy variables are common in both cases.
  const named = new Set(names.map((name) => name.toUpperCase()))
  const passes = (name: string): boolean =>
    named.has(name) || ((alwaysPassed.has(name) || families.test(name)) && !ofOneSession.test(name))
  return Object.fromEntries(
    Object.entries(buildChildEnvironment(environment)).filter(([name]) => passes(name.toUpperCase())),
  )
}

const machine =
  'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR IS_SANDBOX DEVELOPER_DIR SDKROOT __CF_USER_TEXT_ENCODING'

const network =
  'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA ' +
  'NODE_TLS_REJECT_UNAUTHORIZED SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO'

const windows =
  'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT OS TEMP TMP PUBLIC ALLUSERSPROFILE USERPROFILE USERNAME ' +
  'USERDOMAIN HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 ' +
  'COMMONPROGRAMFILES NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE PSMODULEPATH'

const alwaysPassed = new Set([machine, network, windows].join(' ').split(' '))

/** Environment variables for locale, the user's folders, accounts, providers and their settings, and subagent-mcp. */
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

/** Variables that name the caller's own session. With them no two callers could share a process. */
const ofOneSession = /_SESSION_ID$/
