import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { lastingTools } from './ephemeral.js'
import { knownTools } from './known-tools.js'

type Asked = Pick<SessionSpec, 'tools' | 'ephemeral'>

/** The arguments by which a session has some of the CLI's tools only. MCP servers bring theirs all the same. */
export function toolArguments({ tools, ephemeral }: Asked): readonly string[] {
  // Ours come first: no name of a caller's can swallow them.
  const without = [...(ephemeral ? lastingTools : []), ...(tools?.without ?? [])]
  return [
    ...(tools?.only ? [`--tools=${tools.only.join(',')}`] : []),
    ...(without.length > 0 ? [`--disallowedTools=${without.join(',')}`] : []),
  ]
}

/** Says which of the tools that were asked for an ephemeral session has not, and which names may be no tool's. */
export function toolNotes({ tools = {}, ephemeral }: Asked): readonly string[] {
  const missing = ephemeral ? lastingTools.filter((name) => tools.only?.includes(name)) : []
  const unknown = ownNames(tools).filter((name) => !knownTools.includes(name))
  return [
    ...missing.map((name) => `${name} was left out: what it does would outlive the task`),
    ...unknown.map(
      (name) => `${name} is no tool of claude that is known here: without one, the name does nothing`,
    ),
  ]
}

/** Why a choice of tools cannot be had: the CLI would make of it another one, without a word. */
export function refusedChoice({ tools = {} }: Asked): Failure | undefined {
  return refusedParts(tools) ?? refusedRules(tools) ?? refusedCase(tools)
}

type Choice = NonNullable<Asked['tools']>

/** It leaves out a tool with a rule, and offers all tools of an MCP server of which one is named. */
function refusedParts({ only = [] }: Choice): Failure | undefined {
  const partial = only.filter((name) => /\(|^mcp__.+__/.test(name))
  if (partial.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude gives a session whole tools and whole MCP servers only, not ${partial.join(', ')}`,
    hint: 'name the whole tool (Bash, mcp__server), and take parts out of it by the tools that are not allowed',
  }
}

/** An open parenthesis takes in all names that follow: none of them would be taken away. */
function refusedRules({ only = [], without = [] }: Choice): Failure | undefined {
  const broken = [...only, ...without].filter((name) => !isOneName(name))
  if (broken.length === 0) return undefined
  return {
    reason: 'bad-request',
    message: `claude does not read as one tool: ${broken.join(', ')}`,
    hint: 'close each parenthesis, the last one at the end, as in Bash(rm *)',
  }
}

/** The CLI counts no parentheses: after a closing one it parts names at commas and spaces. */
function isOneName(name: string): boolean {
  let depth = 0
  for (const character of name) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0 && !/\)[\s,]/.test(name)
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

/** The names of the CLI's own tools, without their rules. */
function ownNames({ only = [], without = [] }: Choice): readonly string[] {
  const names = [...only, ...without].map((name) => name.replace(/\(.*$/s, '').trim())
  return [...new Set(names)].filter((name) => !name.startsWith('mcp__'))
}
