import { getRuleScopeOfTool, normalizeRuleToolName, webToolNames } from './tool-names.js'

/** A permission rule: a tool, by the name of `normalizeRuleToolName`, and a pattern for its calls. */
export type PermissionRule = { text: string; tool: string; pattern?: string }

/** Reads a rule that a person wrote, or returns what is wrong with it, because a rule that matches nothing forbids nothing. */
export function checkPermissionRule(
  text: string,
): { type: 'rule'; rule: PermissionRule } | { type: 'problem'; problem: string } {
  const [, name, pattern] = /^([\w*.-]+)(?:\((.+)\))?$/s.exec(text.trim()) ?? []
  if (name === undefined || isParted(text)) {
    const problem = `'${text}' is no rule: write a tool, or a tool and what of it, as Bash(git push:*) or Edit(docs/**)`
    return { type: 'problem', problem }
  }
  const problem = problemOf(name, pattern)
  if (problem !== undefined) return { type: 'problem', problem: `'${text}': ${problem}` }
  const part = pattern !== undefined && !/^:?\*$/.test(pattern) ? { pattern } : {}
  return { type: 'rule', rule: { text: text.trim(), tool: normalizeRuleToolName(name), ...part } }
}

/** Reads a rule; undefined when the text is none. */
export function parsePermissionRule(text: string): PermissionRule | undefined {
  const read = checkPermissionRule(text)
  return read.type === 'rule' ? read.rule : undefined
}

/** Whether a text has two permission rules, which would be read as one pattern that matches nothing. */
function isParted(text: string): boolean {
  return /\)\s*,?\s*[\w*.-]+\(/.test(text)
}

function problemOf(name: string, pattern: string | undefined): string | undefined {
  const tool = normalizeRuleToolName(name)
  const reach = getRuleScopeOfTool(tool)
  if (reach === 'nothing')
    return `no tool is called ${name}; for all providers it is Bash, Read, Edit or WebFetch`
  if (pattern === undefined) return undefined
  if (reach === 'whole')
    return `${name} takes nothing in parentheses; Bash, Read, Edit, Write and WebFetch do, for all providers`
  const isHost = pattern.startsWith('domain:') || !webToolNames.includes(tool)
  return isHost ? undefined : `write a host, as ${name}(domain:docs.rs)`
}
