import type { Failure, SessionTools } from '@subagent-mcp/contract'
import { existsSync, readdirSync } from 'node:fs'
import { buildGeminiMcpArguments } from './gemini-mcp.js'
import type { AcpProfile } from '../profile.js'

/**
 * Limits a process to chosen MCP servers, by arguments, and to chosen tools, by a policy with a higher priority than the
 * rules of the user and of a project. All sessions of a process have the same limits.
 */
export const limitGeminiTools: NonNullable<AcpProfile['limits']> = (spec) => {
  const mcp = buildGeminiMcpArguments(spec)
  if ('failure' in mcp) return mcp
  const { args, names, there } = mcp
  const failure = spec.tools && problemOf(spec.tools, there)
  if (failure) return { failure }
  const rules = [
    ...deniedTools(spec.tools).map((tool) => rule({ toolName: tool, decision: 'deny', priority: 999 })),
    // Gemini runs tools of servers that are allowed by name without asking. This rule has a higher priority than that, and a lower one than a user's trust.
    ...(names.length > 0 ? [rule({ mcpName: '*', ...asked })] : []),
    ...(spec.ephemeral ? [noMemory] : []),
    ...(spec.asksAll ? askForAll : []),
  ]
  return { args, policy: rules.join('\n') }
}

const asked = { toolName: '*', decision: 'ask_user', priority: 150, modes: ['default', 'autoEdit'] }

/** Gemini's tools whose calls must ask. Tools that list and search are not, because their request names no folder for a rule. */
const judged = ['read_file', 'write_file', 'replace', 'run_shell_command', 'web_fetch']

/** Gemini policy rules that make calls ask, with the highest priority of a user's rule; of equal rules the first counts. */
const askForAll = [{ toolName: judged }, { mcpName: '*', toolName: '*' }].map((what) =>
  rule({ ...what, decision: 'ask_user', priority: 999 }),
)

/** A Gemini policy rule that denies writing memories. Gemini tells its model to write them, and later sessions read them. */
const noMemory = `[[rule]]
toolName = ["write_file", "replace"]
argsPattern = '''"file_path":"[^"]*\\.gemini[/\\\\]+(GEMINI\\.md|tmp[/\\\\]+[^/\\\\"]+[/\\\\]+memory[/\\\\])'''
decision = "deny"
priority = 999
denyMessage = "this session must not leave anything for later ones"
`

/** Formats a Gemini policy rule in TOML, which writes strings, numbers and lists of strings like JSON. */
function rule(fields: Readonly<Record<string, string | number | readonly string[]>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
  return `[[rule]]\n${lines.join('')}`
}

/** Gemini's own tools that are denied. `only` does not affect MCP tools. */
function deniedTools({ only, without = [] }: SessionTools = {}): readonly string[] {
  const others = only === undefined ? [] : ownTools.filter((tool) => !only.map(newName).includes(tool))
  return [...new Set([...others, ...without.map(newName)])]
}

function newName(tool: string): string {
  return tool === 'search_file_content' ? 'grep_search' : tool
}

/** Returns the failure for a choice of tools that Gemini cannot keep with these MCP servers; undefined when it can. */
function problemOf(
  { only = [], without = [] }: SessionTools,
  servers: readonly string[],
): Failure | undefined {
  const isKnown = (tool: string) => ownTools.includes(newName(tool))
  const unknown = [...only, ...without].filter((tool) => !isKnown(tool) && !tool.startsWith('mcp'))
  if (unknown.length > 0) {
    const hint = `there are: ${ownTools.join(', ')}`
    return { reason: 'bad-request', message: `gemini has no tool named ${unknown.join(', ')}`, hint }
  }
  const lost = [
    ...only.filter((tool) => tool.startsWith('mcp')),
    ...without.filter((tool) => tool.startsWith('mcp') && !isOfServer(tool, servers)),
  ]
  if (lost.length > 0) {
    const hint = `name it in \`without\`, as mcp_<server>_<tool> or mcp_<server>_*; ${listOf(servers)}`
    return { reason: 'bad-request', message: `gemini cannot choose by the name ${lost.join(', ')}`, hint }
  }
  if (!existsSync(systemPolicies) || !readdirSync(systemPolicies).some((name) => name.endsWith('.toml')))
    return undefined
  const message = 'the tools of gemini cannot be chosen: this machine has policies that stand above it'
  return { reason: 'bad-request', message, hint: `see ${systemPolicies}` }
}

/** Whether a name is a tool of one of the servers. Gemini ignores rules with another form of name, and for unknown servers. */
function isOfServer(tool: string, servers: readonly string[]): boolean {
  return servers.some((server) => {
    const prefix = `mcp_${server}_`
    return (
      !server.startsWith('_') && tool.startsWith(prefix) && /^(?:[\w.-]+|\*)$/.test(tool.slice(prefix.length))
    )
  })
}

function listOf(servers: readonly string[]): string {
  return servers.length === 0 ? 'this session has no MCP servers' : `the servers are: ${servers.join(', ')}`
}

const systemPolicies =
  process.platform === 'darwin'
    ? '/Library/Application Support/GeminiCli/policies'
    : process.platform === 'win32'
      ? 'C:\\ProgramData\\gemini-cli\\policies'
      : '/etc/gemini-cli/policies'

/** Gemini's own tools in 0.61.0. A test on the real CLI fails when it has more. */
const ownTools: readonly string[] = [
  ...['glob', 'grep_search', 'list_directory', 'read_file', 'read_many_files', 'replace', 'write_file'],
  ...['run_shell_command', 'list_background_processes', 'read_background_output'],
  ...['google_web_search', 'web_fetch', 'get_internal_docs', 'list_mcp_resources', 'read_mcp_resource'],
  ...['activate_skill', 'ask_user', 'complete_task', 'enter_plan_mode', 'exit_plan_mode', 'invoke_agent'],
  ...['tracker_add_dependency', 'tracker_create_task', 'tracker_get_task', 'tracker_list_tasks'],
  ...['tracker_update_task', 'tracker_visualize', 'update_topic', 'write_todos'],
]
