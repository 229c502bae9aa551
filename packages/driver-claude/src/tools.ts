import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { lastingTools } from './ephemeral.js'

type Asked = Pick<SessionSpec, 'tools' | 'ephemeral'>

/** The arguments by which a session has some of the CLI's tools only. MCP servers bring theirs all the same. */
export function toolArguments({ tools, ephemeral }: Asked): readonly string[] {
  const without = [...(tools?.without ?? []), ...(ephemeral ? lastingTools : [])]
  return [
    ...(tools?.only ? [`--tools=${tools.only.join(',')}`] : []),
    ...(without.length > 0 ? [`--disallowedTools=${without.join(',')}`] : []),
  ]
}

/** Says which of the tools that were asked for an ephemeral session has not. */
export function missingTools({ tools, ephemeral }: Asked): readonly string[] {
  const missing = ephemeral ? lastingTools.filter((name) => tools?.only?.includes(name)) : []
  return missing.map((name) => `${name} was left out: what it does would outlive the task`)
}

/**
 * Why a choice of tools cannot be had: `only` takes whole tools. The CLI makes no word of the others, and would leave
 * out a tool with a rule, or offer all tools of an MCP server of which one is named.
 */
export function refusedChoice({ tools }: Asked): Failure | undefined {
  const partial = tools?.only?.filter((name) => /\(|^mcp__.+__/.test(name)) ?? []
  if (partial.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude gives a session whole tools and whole MCP servers only, not ${partial.join(', ')}`,
    hint: 'name the whole tool (Bash, mcp__server), and take parts out of it by the tools that are not allowed',
  }
}
