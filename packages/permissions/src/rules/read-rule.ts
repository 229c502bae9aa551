import { reachOf, ruleToolName, webTools } from './tool-names.js'

/** What a rule is about: a tool, as `toolName` calls it, and of its calls those that fit the pattern. */
export type PermissionRule = { text: string; tool: string; pattern?: string }

/** A rule that a person wrote, or what is wrong with it: one that is about nothing would forbid nothing. */
export function readRule(text: string): { type: 'rule'; rule: PermissionRule } | { type: 'problem'; problem: string } {
  const [, name, pattern] = /^([\w*.-]+)(?:\((.+)\))?$/s.exec(text.trim()) ?? []
  if (name === undefined || isParted(text)) {
    const problem = `'${text}' is no rule: write a tool, or a tool and what of it, as Bash(git push:*) or Edit(docs/**)`
    return { type: 'problem', problem }
  }
  const problem = problemOf(name, pattern)
  if (problem !== undefined) return { type: 'problem', problem: `'${text}': ${problem}` }
  const part = pattern !== undefined && !/^:?\*$/.test(pattern) ? { pattern } : {}
  return { type: 'rule', rule: { text: text.trim(), tool: ruleToolName(name), ...part } }
}

/** The rule that a text is; `undefined` when it is none. */
export function parseRule(text: string): PermissionRule | undefined {
  const read = readRule(text)
  return read.type === 'rule' ? read.rule : undefined
}

/** Two rules in one text would be a pattern that nothing fits. */
function isParted(text: string): boolean {
  return /\)\s*,?\s*[\w*.-]+\(/.test(text)
}

function problemOf(name: string, pattern: string | undefined): string | undefined {
  const tool = ruleToolName(name)
  const reach = reachOf(tool)
  if (reach === 'nothing')
    return `no tool is called ${name}; for all providers it is Bash, Read, Edit or WebFetch`
  if (pattern === undefined) return undefined
  if (reach === 'whole')
    return `${name} takes nothing in parentheses; Bash, Read, Edit, Write and WebFetch do, for all providers`
  const isHost = pattern.startsWith('domain:') || !webTools.includes(tool)
  return isHost ? undefined : `write a host, as ${name}(domain:docs.rs)`
}
