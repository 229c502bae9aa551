import type { ApprovalRequest } from '@subagent-mcp/contract'
import { resolveCallPath, type ToolCallContext } from '../places/tool-call-context.js'
import { findSearchedCredentials } from '../places/searched-credentials.js'
import { findCredentialInFolder } from '../places/credential-in-folder.js'
import { maxFilesPerCall, parseCommandLineActions } from './command-line-actions.js'
import type { ToolCallAction, ParsedToolCall } from './tool-call-action.js'
import { isSpecificSearch } from '../effects/specific-search.js'

/** Reads a tool call of a CLI as actions. Each CLI names its tools and fields differently. */
export function parseToolCall(
  provider: string,
  request: Pick<ApprovalRequest, 'tool' | 'input'>,
  place: ToolCallContext,
): ParsedToolCall {
  const { tool, input } = request
  const actions = tool.startsWith('mcp__')
    ? [{ type: 'mcp' as const, tool }]
    : readersOf(provider)(tool, input, place)
  return { tool, actions: actions.length === 0 ? [opaque(`${tool} does not say what it does`)] : actions }
}

type ReadOnlyProgram = (tool: string, input: unknown, place: ToolCallContext) => ToolCallAction[]

function readersOf(provider: string): ReadOnlyProgram {
  if (provider === 'claude') return ofClaude
  if (provider === 'codex') return ofCodex
  return provider === 'gemini' ? ofGemini : ofAcp
}

function ofClaude(tool: string, input: unknown, place: ToolCallContext): ToolCallAction[] {
  switch (tool) {
    case 'Bash':
    case 'Monitor': {
      const unconfined = field(input, 'dangerouslyDisableSandbox') === true
      return [
        ...parseCommandLineActions(textField(input, 'command'), place),
        ...(unconfined ? [opaque('out of its sandbox')] : []),
      ]
    }
    case 'Read':
    case 'NotebookRead':
      return onPaths('read', textFields(input, 'file_path', 'notebook_path'), place)
    case 'Glob':
      return sought(input, textField(input, 'pattern'), place, false)
    case 'Grep':
      return [...sought(input, textField(input, 'glob'), place, true), ...shownByGrep(input, place)]
    case 'LS':
      return sought(input, textField(input, 'glob'), place, true)
    case 'Edit':
    case 'MultiEdit':
    case 'Write':
    case 'NotebookEdit':
      return onPaths('edit', textFields(input, 'file_path', 'notebook_path'), place)
    case 'WebFetch':
    case 'WebSearch':
      return [{ type: 'network', host: hostOf(textField(input, 'url')) }]
    case 'PowerShell':
    case 'REPL':
    case 'Workflow':
    case 'CronCreate':
      return [opaque(`what ${tool} runs`)]
    case 'Agent':
    case 'Task':
      return asksForItself(input) ? [{ type: 'session', tool }] : [opaque('a sub-agent that may not ask')]
    default:
      return [{ type: ofSession.has(tool) ? 'session' : 'other', tool }]
  }
}

/** Tools of Claude 2.1.329 that change only the session. A skill counts too, because commands of its text ask on their own. */
const ofSession = new Set(
  [
    'TodoWrite TaskCreate TaskUpdate TaskGet TaskList TaskOutput TaskStop BashOutput KillShell KillBash ToolSearch',
    'ListMcpResourcesTool StructuredOutput EnterPlanMode ExitPlanMode Skill AskUserQuestion ListAgents',
    'ReportFindings CronList',
  ].flatMap((names) => names.split(' ')),
)

/** Whether calls of a sub-agent ask like those of its parent. They do unless the input sets another mode. */
function asksForItself(input: unknown): boolean {
  const [mode, isolation] = [field(input, 'mode'), field(input, 'isolation')]
  return (mode === undefined || mode === 'default' || mode === 'plan') && isolation !== 'remote'
}

/** Returns the actions of a search tool's call: its folder, and the credentials that its patterns name or match. */
function sought(
  input: unknown,
  patterns: string | undefined,
  place: ToolCallContext,
  shows: boolean,
): ToolCallAction[] {
  const folder = textField(input, 'path') ?? '.'
  const globs = patterns ?? ''
  const fixed = globs.split(/[*?{[!]/, 1)[0] ?? ''
  const start = /^[/~]/.test(fixed) ? fixed : `${folder}/${fixed}`
  const within = resolveCallPath(folder, place)
  if (within === undefined) return [opaque('a folder that is not known')]
  const found = findSearchedCredentials({ folder: within, globs, shows }, place)
  if (found === undefined || found.length > maxFilesPerCall) return [opaque('too much to look at')]
  return onPaths('read', [folder, start, ...found], place)
}

/** A credential whose lines Claude's Grep would show. It searches hidden files, but not the files of a repository itself. */
function shownByGrep(input: unknown, place: ToolCallContext): ToolCallAction[] {
  const shows = textField(input, 'output_mode') === 'content'
  const takesSome = [field(input, 'glob'), field(input, 'type')].some((value) => value !== undefined)
  const hasContext = ['-A', '-B', '-C', 'context'].some((name) => Number(field(input, name) ?? 0) > 0)
  if (!shows || takesSome || (!hasContext && isSpecificSearch(textField(input, 'pattern') ?? ''))) return []
  const folder = resolveCallPath(textField(input, 'path') ?? '.', place)
  const path = folder && findCredentialInFolder({ folder, leftOutFolders: ['.git', '.hg', '.svn'] }, place)
  return path === undefined ? [] : [{ type: 'read', path }]
}

function ofCodex(tool: string, input: unknown, place: ToolCallContext): ToolCallAction[] {
  switch (tool) {
    case 'exec_command':
      return [
        ...parseCommandLineActions(field(input, 'command'), place, textField(input, 'cwd')),
        ...networkOf(field(input, 'network')),
      ]
    case 'writeStdin':
    case 'humanCommand':
      return [opaque('what is typed into a command that runs')]
    case 'apply_patch':
      return [
        ...ofChanges(listOf(field(input, 'changes')), place),
        ...(field(input, 'grantRoot') === undefined ? [] : [opaque('a folder for the rest of the session')]),
      ]
    case 'request_permissions':
      return [opaque('permissions for the rest of the turn')]
    case 'view_image':
      return onPaths('read', textFields(input, 'path'), place)
    default:
      return [{ type: 'other', tool }]
  }
}

/** The action of a command that wants to reach a host from its sandbox; none without such a host. */
function networkOf(network: unknown): ToolCallAction[] {
  return network === undefined ? [] : [{ type: 'network', host: textField(network, 'host') }]
}

function ofChanges(changes: readonly unknown[], place: ToolCallContext): ToolCallAction[] {
  if (changes.length > maxFilesPerCall) return [opaque('too much to look at')]
  return changes.flatMap((change) => ofChange(change, place))
}

function ofChange(change: unknown, place: ToolCallContext): ToolCallAction[] {
  const kind = field(change, 'kind')
  const type = (textField(kind, 'type') ?? kind) === 'delete' ? 'delete' : 'edit'
  const moved = onPaths('edit', textFields(kind, 'move_path'), place)
  const done = onPaths(type, textFields(change, 'path'), place)
  return done.length === 0 ? [opaque('a change without a path')] : [...done, ...moved]
}

/** Reads a call of Gemini (0.61.0): a command is its title, its folder is in a text, an MCP tool is named in the title. */
function ofGemini(tool: string, input: unknown, place: ToolCallContext): ToolCallAction[] {
  const title = textField(input, 'title') ?? ''
  const [text = ''] = listOf(field(input, 'content')).flatMap((part) =>
    textFields(field(part, 'content'), 'text'),
  )
  if (tool === 'execute' && field(input, 'rawInput') === undefined) return ofGeminiShell(title, text, place)
  const [, name, server] = /^([\w.-]+) \(([\w.-]+) MCP Server\)$/.exec(title) ?? []
  const isMcp = tool === 'other' && name !== undefined && server !== undefined && titleIsItsOwn(text)
  return isMcp ? [{ type: 'mcp', tool: `mcp__${server}__${name}` }] : ofAcp(tool, input, place)
}

function ofGeminiShell(command: string, text: string, place: ToolCallContext): ToolCallAction[] {
  // Gemini removes a shell and its quotes by rules of its own before it runs the rest.
  if (/^\s*(\S*[/\\])?(sh|bash|zsh|cmd|powershell|pwsh)(\.exe)?\b/i.test(command))
    return [opaque('a shell in a shell')]
  if (text === '' || text.startsWith('[current working directory '))
    return parseCommandLineActions(command, place)
  const [, folder] = /^\[in ([^[\]]+)\]( \([^[\]]*\))?( \[background\])?$/.exec(text) ?? []
  return folder === undefined
    ? [opaque('it runs in a folder that is not known')]
    : parseCommandLineActions(command, place, folder)
}

/** Whether the title names the MCP tool. With an argument `command` Gemini shows that argument as the title. */
function titleIsItsOwn(text: string): boolean {
  const [, names] = /^\[Payload omitted due to length with parameters: ([\w, -]+)\]$/.exec(text) ?? []
  if (names !== undefined) return !names.split(', ').includes('command')
  try {
    const input: unknown = JSON.parse(text)
    return typeof input === 'object' && input !== null && !Array.isArray(input) && !('command' in input)
  } catch {
    // The text is not the arguments, so the title may be anything.
    return false
  }
}

function ofAcp(tool: string, input: unknown, place: ToolCallContext): ToolCallAction[] {
  const raw = field(input, 'rawInput')
  const paths = [
    ...listOf(field(input, 'paths')).filter((path) => typeof path === 'string'),
    ...textFields(raw, 'file_path', 'absolute_path', 'path'),
    ...listOf(field(input, 'content')).flatMap((part) => textFields(part, 'path')),
  ]
  switch (tool) {
    case 'execute':
    case 'run_shell_command': {
      if (field(raw, 'args') !== undefined) return [opaque('a command with arguments beside it')]
      const [folder] = textFields(raw, 'cwd', 'workdir', 'dir_path', 'directory')
      return parseCommandLineActions(field(raw, 'command'), place, folder)
    }
    case 'read':
    case 'search':
    case 'read_file':
      return onPaths('read', paths, place)
    case 'edit':
    case 'write_file':
    case 'replace':
      return onPaths('edit', paths, place)
    case 'delete':
      return onPaths('delete', paths, place)
    case 'fetch':
      return [{ type: 'network', host: hostOf(textField(raw, 'url')) }]
    default:
      return [{ type: 'other', tool }]
  }
}

function onPaths(
  type: 'read' | 'edit' | 'delete',
  paths: readonly string[],
  place: ToolCallContext,
): ToolCallAction[] {
  if (paths.length > maxFilesPerCall) return [opaque('too much to look at')]
  return paths.map((text) => {
    const path = resolveCallPath(text, place)
    return path === undefined ? opaque('a file that is not known') : { type, path }
  })
}

function opaque(why: string): ToolCallAction {
  return { type: 'opaque', why }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined
}

/** Returns an own field of an unknown value; undefined if it has no such field. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  const found: unknown = Reflect.get(value, name)
  return found
}

function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name)
  return typeof found === 'string' ? found : undefined
}

function textFields(value: unknown, ...names: readonly string[]): string[] {
  return names.flatMap((name) => textField(value, name) ?? [])
}
