import type { HookedHost } from '@subagent-mcp/installer'

/** What a host tells a hook, as far as it matters here. */
export type HookEvent = Asking &
  ({ kind: 'session' } | { kind: 'prompt' } | ({ kind: 'tool' } & ToolCall) | ({ kind: 'stop' } & Stop))

type Asking = {
  host: HookedHost
  /** What the host calls the event. */
  name: string
  session: string | undefined
  /** Where the host was started, or is; the first one that is there counts. */
  folders: readonly string[]
  /** Whether the host is in its plan mode, as far as it says so. */
  isPlanning: boolean
  /** Whether one of the host's own sub-agents is about to do it. */
  isSubAgent: boolean
}

type ToolCall = {
  tool: string
  /** The file that it is to write, where its input says so. */
  file: string | undefined
}

type Stop = {
  /** Whether a hook has kept the turn from its end before. */
  isContinued: boolean
}

/** Undefined for what cannot be read, or is not for us. Never throws. */
export function readEvent(
  host: string | undefined,
  text: string | undefined,
  environment: NodeJS.ProcessEnv,
): HookEvent | undefined {
  const said = parse(text)
  const name = textOf(said, 'hook_event_name')
  if (!isHooked(host) || name === undefined) return undefined
  const { kinds, folderVariable } = languages[host]
  const kind = kinds.get(name)
  // What is said follows the model's own `cd`; the project's folder stays.
  const folders = [folderVariable && environment[folderVariable], textOf(said, 'cwd')].filter(isGiven)
  if (kind === undefined || folders.length === 0) return undefined
  const isSubAgent = isGiven(textOf(said, 'agent_id'))
  const isPlanning = textOf(said, 'permission_mode') === 'plan'
  const asking = { host, name, session: textOf(said, 'session_id'), folders, isPlanning, isSubAgent }
  if (kind === 'stop') return { ...asking, kind, isContinued: valueOf(said, 'stop_hook_active') === true }
  if (kind !== 'tool') return { ...asking, kind }
  const tool = textOf(said, 'tool_name')
  const file = textOf(valueOf(said, 'tool_input'), 'file_path')
  return tool === undefined ? undefined : { ...asking, kind, tool, file }
}

type Language = {
  /** Of the host's events. */
  kinds: ReadonlyMap<string, HookEvent['kind']>
  /** In which the host tells its hooks the project's folder. */
  folderVariable?: string
}

const codexKinds: Language['kinds'] = new Map([
  ['SessionStart', 'session'],
  ['UserPromptSubmit', 'prompt'],
  ['PreToolUse', 'tool'],
])

const claudeKinds: Language['kinds'] = new Map([...codexKinds, ['Stop', 'stop']])

const geminiKinds: Language['kinds'] = new Map([
  ['SessionStart', 'session'],
  ['BeforeAgent', 'prompt'],
  ['BeforeTool', 'tool'],
])

const languages: Record<HookedHost, Language> = {
  claude: { kinds: claudeKinds, folderVariable: 'CLAUDE_PROJECT_DIR' },
  codex: { kinds: codexKinds },
  gemini: { kinds: geminiKinds, folderVariable: 'GEMINI_PROJECT_DIR' },
}

function isHooked(host: string | undefined): host is HookedHost {
  return host !== undefined && Object.hasOwn(languages, host)
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    // Whatever it was, it was not for us.
    return undefined
  }
}

function textOf(value: unknown, key: string): string | undefined {
  const text = valueOf(value, key)
  return typeof text === 'string' ? text : undefined
}

function valueOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
