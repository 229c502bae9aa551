import { noWord, onlyWord, readWords } from '../../terminal/read-words.js'

/** Whose agents are meant, and how they are told. */
export type AgentsOrder = { cwd?: string; json: boolean }

/** An agent of theirs. */
export type AgentOrder = AgentsOrder & { name: string }

/** Which agents are checked: all without a name. */
export type LintOrder = AgentsOrder & { name?: string }

/** The agent to make. */
export type NewAgentOrder = AgentOrder & { provider?: string; user: boolean }

/** All commands about agents have them. */
export const agentsFlags = {
  cwd: { type: 'string', valueHint: 'folder', description: 'Of which project; of the one here without it' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

/** The flags of `agents new`. */
export const newAgentFlags = {
  provider: {
    type: 'string',
    valueHint: 'name',
    description: 'claude (the default), codex, gemini or one of your own',
  },
  user: { type: 'boolean', description: 'For all of your projects, and not for this one alone' },
  ...agentsFlags,
} as const

const flagWords = '[--cwd <folder>] [--json]'

/** Reads the words after `agents` or `agents list`. @throws SubagentError */
export function readListOrder(words: readonly string[]): AgentsOrder {
  const usage = `subagent-mcp agents [list] ${flagWords}`
  const { values, positionals } = readWords(words, agentsFlags, usage)
  noWord(positionals, usage)
  return { json: false, ...values }
}

/** Reads the words after `agents show`. @throws SubagentError */
export function readShowOrder(words: readonly string[]): AgentOrder {
  const usage = `subagent-mcp agents show <name> ${flagWords}`
  const { values, positionals } = readWords(words, agentsFlags, usage)
  return { json: false, ...values, name: onlyWord(positionals, 'agent', usage) }
}

/** Reads the words after `agents lint`; without a name it is all agents. @throws SubagentError */
export function readLintOrder(words: readonly string[]): LintOrder {
  const usage = `subagent-mcp agents lint [<name>] ${flagWords}`
  const { values, positionals } = readWords(words, agentsFlags, usage)
  const [name, ...surplus] = positionals
  noWord(surplus, usage)
  return { json: false, ...values, ...(name !== undefined && { name }) }
}

/** Reads the words after `agents new`. @throws SubagentError */
export function readNewOrder(words: readonly string[]): NewAgentOrder {
  const usage = `subagent-mcp agents new <name> [--provider <name>] [--user] ${flagWords}`
  const { values, positionals } = readWords(words, newAgentFlags, usage)
  return { json: false, user: false, ...values, name: onlyWord(positionals, 'name', usage) }
}
