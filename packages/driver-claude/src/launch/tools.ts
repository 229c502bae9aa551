import { isSingleClaudeToolName, type Failure, type SessionSpec } from '@subagent-mcp/contract'
import { toolsThatOutliveReset } from './ephemeral.js'

type Asked = Pick<SessionSpec, 'tools' | 'ephemeral'>

/** Returns the arguments that limit a session to some of Claude's own tools. Tools of MCP servers are not affected. */
export function buildClaudeToolArguments({ tools, ephemeral }: Asked): readonly string[] {
  // The driver's own names come first, so that no name of the caller can hide them.
  const without = [...(ephemeral ? toolsThatOutliveReset : []), ...(tools?.without ?? [])]
  return [
    ...(tools?.only ? [`--tools=${tools.only.join(',')}`] : []),
    ...(without.length > 0 ? [`--disallowedTools=${without.join(',')}`] : []),
  ]
}

/** Notes on tools that an ephemeral session does not have, and on names that may be no tool's. */
export function createUnavailableToolNotes({ tools = {}, ephemeral }: Asked): readonly string[] {
  const missing = ephemeral ? toolsThatOutliveReset.filter((name) => tools.only?.includes(name)) : []
  const unknown = ownNames(tools).filter((name) => !knownTools.includes(name))
  return [
    ...missing.map((name) => `${name} was left out: what it does would outlive the task`),
    ...unknown.map(
      (name) => `${name} is no tool of claude that is known here: without one, the name does nothing`,
    ),
  ]
}

/** Returns the failure for a choice of tools that Claude would silently misread; undefined for others. */
export function checkClaudeToolChoice({ tools = {} }: Asked): Failure | undefined {
  return refusedParts(tools) ?? refusedRules(tools) ?? refusedCase(tools)
}

type Choice = NonNullable<Asked['tools']>

/** For `--tools` Claude drops a tool with a rule, and takes one tool of an MCP server for all of them. */
function refusedParts({ only = [] }: Choice): Failure | undefined {
  const partial = only.filter((name) => /\(|^mcp__.+__/.test(name))
  if (partial.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude gives a session whole tools and whole MCP servers only, not ${partial.join(', ')}`,
    hint: 'name the whole tool (Bash, mcp__server), and take parts out of it by the tools that are not allowed',
  }
}

/** Returns the failure for a name that Claude does not read as one tool: an open parenthesis takes in all later names. */
function refusedRules({ only = [], without = [] }: Choice): Failure | undefined {
  const broken = [...only, ...without].filter((name) => !isSingleClaudeToolName(name))
  if (broken.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude does not read as one tool: ${broken.join(', ')}`,
    hint: 'close each parenthesis, the last one at the end, as in Bash(rm *)',
  }
}

function refusedCase(tools: Choice): Failure | undefined {
  const meant = ownNames(tools).flatMap((name) => {
    const known = knownTools.find((tool) => tool.toLowerCase() === name.toLowerCase())
    return known === undefined || known === name ? [] : [{ name, known }]
  })
  if (meant.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude has no tool called ${meant.map(({ name }) => name).join(', ')}`,
    hint: `did you mean ${meant.map(({ known }) => known).join(', ')}?`,
  }
}

/** Returns the names of Claude's own tools in a choice of tools, without their rules. */
function ownNames({ only = [], without = [] }: Choice): readonly string[] {
  const names = [...only, ...without].map((name) => name.replace(/\(.*$/s, '').trim())
  return [...new Set(names)].filter((name) => !name.startsWith('mcp__'))
}

/** Claude's own tools in 2.1.329 and 2.1.197, on all platforms. Their names are case-sensitive. */
const knownTools: readonly string[] = [
  ...['Agent', 'AskUserQuestion', 'Bash', 'BashOutput', 'CronCreate', 'CronDelete', 'CronList', 'Edit'],
  ...['EnterPlanMode', 'EnterWorktree', 'ExitPlanMode', 'ExitWorktree', 'Glob', 'Grep', 'KillShell', 'LSP'],
  ...['ListAgents', 'ListMcpResourcesTool', 'Monitor', 'NotebookEdit', 'PowerShell', 'PushNotification'],
  ...['REPL', 'Read', 'ReadMcpResourceTool', 'RemoteTrigger', 'ReportFindings', 'ScheduleWakeup'],
  ...['SendMessage', 'SendUserFile', 'Skill', 'SlashCommand', 'StructuredOutput', 'Task', 'TaskCreate'],
  ...['TaskGet', 'TaskList', 'TaskOutput', 'TaskStop', 'TaskUpdate', 'TodoWrite', 'ToolSearch', 'WebFetch'],
  ...['WebSearch', 'Workflow', 'Write'],
]
