import type { HookedHost } from './direct-tools.js'

export type HookEvent = EventBase &
  (
    | { kind: 'session' }
    | ({ kind: 'prompt' } & Prompt)
    | ({ kind: 'tool' } & ToolCall)
    | { kind: 'tool-ended' }
    | ({ kind: 'stop' } & Stop)
  )

type EventBase = {
  host: HookedHost
  name: string
  session: string | undefined
  /** The folders in which the host was started or works; the first one that exists counts. */
  folders: readonly string[]
  isPlanning: boolean
  /** Whether one of the host's own sub-agents causes the event. */
  isSubAgent: boolean
}

type Prompt = {
  /**
   * The cause of a prompt: a person who typed it; an MCP task of ours that ended; our hook that waits; or something
   * else. Claude Code also reports the turns that it starts by itself, with a notification as the prompt.
   */
  cause: 'person' | 'our-task' | 'our-hook' | 'other'
}

type ToolCall = {
  tool: string
  /** The file that the tool is to write, if its input names one. */
  file: string | undefined
}

type Stop = {
  isContinued: boolean
}

/** Reads the JSON of an event; undefined for text that cannot be read and for events without an answer. Never throws. */
export function parseHookEvent(
  host: string | undefined,
  text: string | undefined,
  environment: NodeJS.ProcessEnv,
): HookEvent | undefined {
  const data = parse(text)
  const name = textOf(data, 'hook_event_name')
  if (!isHooked(host) || name === undefined) return undefined
  const { kinds, folderVariable } = protocols[host]
  const kind = kinds.get(name)
  // `cwd` follows the `cd` of the model; the folder in the environment stays the project's.
  const folders = [folderVariable && environment[folderVariable], textOf(data, 'cwd')].filter(isGiven)
  if (kind === undefined || folders.length === 0) return undefined
  const isSubAgent = isGiven(textOf(data, 'agent_id'))
  const isPlanning = textOf(data, 'permission_mode') === 'plan'
  const base = { host, name, session: textOf(data, 'session_id'), folders, isPlanning, isSubAgent }
  if (kind === 'stop') return { ...base, kind, isContinued: valueOf(data, 'stop_hook_active') === true }
  if (kind === 'prompt') return { ...base, kind, cause: causeOf(textOf(data, 'prompt') ?? '') }
  if (kind !== 'tool') return { ...base, kind }
  const tool = textOf(data, 'tool_name')
  const file = textOf(valueOf(data, 'tool_input'), 'file_path')
  return tool === undefined ? undefined : { ...base, kind, tool, file }
}

/** The words with which each notice of reports tells a session what to do. */
export const waitForAgentsInstruction = 'call `wait` of subagent-mcp'

/** Claude Code names the MCP server and tool of a task in its own words, which stand before those of the agents. */
function causeOf(prompt: string): (HookEvent & { kind: 'prompt' })['cause'] {
  if (!prompt.startsWith('<task-notification>')) return 'person'
  const [words = ''] = prompt.split('<result>', 1)
  if (words.includes('(subagent-mcp/')) return 'our-task'
  return words.includes(waitForAgentsInstruction) ? 'our-hook' : 'other'
}

type Protocol = {
  kinds: ReadonlyMap<string, HookEvent['kind']>
  /** The variable in which a host passes the project's folder to its hooks. */
  folderVariable?: string
}

const codexKinds: Protocol['kinds'] = new Map([
  ['SessionStart', 'session'],
  ['UserPromptSubmit', 'prompt'],
  ['PreToolUse', 'tool'],
])

const claudeKinds: Protocol['kinds'] = new Map([
  ...codexKinds,
  ['PostToolUse', 'tool-ended'],
  ['Stop', 'stop'],
])

const geminiKinds: Protocol['kinds'] = new Map([
  ['SessionStart', 'session'],
  ['BeforeAgent', 'prompt'],
  ['BeforeTool', 'tool'],
])

const protocols: Record<HookedHost, Protocol> = {
  claude: { kinds: claudeKinds, folderVariable: 'CLAUDE_PROJECT_DIR' },
  codex: { kinds: codexKinds },
  gemini: { kinds: geminiKinds, folderVariable: 'GEMINI_PROJECT_DIR' },
}

function isHooked(host: string | undefined): host is HookedHost {
  return host !== undefined && Object.hasOwn(protocols, host)
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    // Input that is no JSON is no event.
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
