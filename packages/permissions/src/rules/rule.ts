import { resolve } from 'node:path'
import { matchesGlob } from '../places/glob.js'
import { foldPathCase, isBelowFolder, type ToolCallContext } from '../places/tool-call-context.js'
import { isReadOnlyCommand } from '../effects/shell-commands.js'
import type { ShellWord } from '../shell/shell-word.js'
import type { PermissionRule } from './read-rule.js'
import { fileChangeToolNames, searchToolNames, normalizeRuleToolName, webToolNames } from './tool-names.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'
import type { ShellCommand } from '../shell/shell-command.js'
import type { ToolCallAction, ParsedToolCall } from '../call/tool-call-action.js'

/** Permission rules. Deny rules win over ask rules, and ask rules over allow rules. */
export type PermissionRules = {
  deny: readonly PermissionRule[]
  ask: readonly PermissionRule[]
  allow: readonly PermissionRule[]
}

export const noPermissionRules: PermissionRules = { deny: [], ask: [], allow: [] }

/**
 * Whether a rule matches an action. To `allow`, everything that the action may be must match; to `forbid`, one possibility
 * is enough.
 */
export function doesRuleMatchAction(
  rule: PermissionRule,
  asked: { action: ToolCallAction; call: ParsedToolCall; place: ToolCallContext; purpose: RuleMatchPurpose },
): boolean {
  const { action, call, place, purpose } = asked
  switch (action.type) {
    case 'run':
      if (isTool(rule, 'bash')) return matchesCommand(rule, action, place, purpose)
      return purpose === 'forbid' && namesFile(rule, action, place)
    case 'read':
      return (
        isTool(
          rule,
          'read',
          ...searchToolNames.filter((name) => name === normalizeRuleToolName(call.tool)),
        ) && matchesPath(rule, action.path, place, purpose)
      )
    case 'edit':
    case 'delete':
      return isTool(rule, ...fileChangeToolNames) && matchesPath(rule, action.path, place, purpose)
    case 'network':
      return (
        isTool(rule, ...networkNames(normalizeRuleToolName(call.tool), purpose)) &&
        matchesHost(rule, action.host)
      )
    case 'mcp':
    case 'other':
    case 'session':
      return rule.pattern === undefined && doesRuleNameTool(rule, action.tool)
    case 'opaque':
      // The tool of the call is known even when its effect is not.
      return purpose === 'forbid' && rule.pattern === undefined && doesRuleNameTool(rule, call.tool)
  }
}

/** Whether a rule may match the unknown part of a call, by the tools that such a call can stand for. */
export function ruleMayMatchUnknownPart({ tool }: PermissionRule, call: ParsedToolCall): boolean {
  const name = normalizeRuleToolName(call.tool)
  if (tool === '*') return true
  if (name === 'bash') return ['bash', 'read', ...fileChangeToolNames].includes(tool)
  if (fileChangeToolNames.includes(name)) return fileChangeToolNames.includes(tool)
  if (['read', ...searchToolNames].includes(name)) return ['read', name].includes(tool)
  return true
}

export type RuleMatchPurpose = 'allow' | 'forbid'

function isTool({ tool }: PermissionRule, ...names: readonly string[]): boolean {
  return names.some((name) => matchesGlob(tool, name, { wholeTree: true }))
}

/** The tools whose rules match a network action. Allowing a web search does not allow hosts; forbidding it forbids them. */
function networkNames(tool: string, purpose: RuleMatchPurpose): readonly string[] {
  return purpose === 'allow' ? ['webfetch', tool] : [...webToolNames, tool]
}

/** Whether a rule names a tool, with or without a pattern. */
export function doesRuleNameTool({ tool }: PermissionRule, name: string): boolean {
  return matchesGlob(tool, normalizeRuleToolName(name), { wholeTree: true })
}

function matchesCommand(
  { pattern }: PermissionRule,
  { command, folders }: Extract<ToolCallAction, { type: 'run' }>,
  { cwd }: ToolCallContext,
  purpose: RuleMatchPurpose,
): boolean {
  if (purpose === 'allow') {
    if (!command.assignments.every((name) => harmless.has(name))) return false
    if (!folders.every((folder) => folder === cwd || isBelowFolder(folder, cwd))) return false
  }
  if (command.words.length === 0) return false
  return pattern === undefined || matchesWords(pattern, command, purpose)
}

/** Environment variables that change the output of a program, and not what it does. */
const harmless = new Set(
  'CI NODE_ENV FORCE_COLOR NO_COLOR LANG LC_ALL TZ TERM RUST_BACKTRACE PYTHONUNBUFFERED'.split(' '),
)

/** Whether a command matches a pattern: `npm test` exactly these words; `npm test:*` and `npm test *` also with more words; `*` in a word any text. */
function matchesWords(pattern: string, { words }: ShellCommand, purpose: RuleMatchPurpose): boolean {
  const open = /(:|\s+)\*$/.exec(pattern)
  const expected = pattern.slice(0, open?.index).trim().split(/\s+/)
  for (const [at, part] of expected.entries()) {
    const word = words[at]
    if (word === undefined) return false
    // The word may expand to this word and all that follow.
    if (isOpen(word) || (at === 0 && word.kind !== 'plain')) return purpose === 'forbid'
    if (!(purpose === 'allow' ? isWord(part, word) : mayBeWord(part, word, at))) return false
  }
  return open !== null || words.length === expected.length
}

function isOpen({ kind }: ShellWord): boolean {
  return kind !== 'plain' && kind !== 'tilde' && kind !== 'glob'
}

function isWord(part: string, { kind, text }: ShellWord): boolean {
  if (kind !== 'plain') return false
  return text === part || (matchesGlob(part, text, { wholeTree: true }) && !/(^|\/)\.\.(\/|$)/.test(text))
}

function mayBeWord(part: string, word: ShellWord, at: number): boolean {
  const text = at === 0 ? getProgramName({ words: [word], assignments: [], redirections: [] }) : word.text
  return matchesGlob(at === 0 ? part.toLowerCase() : part, text, { wholeTree: true })
}

/** Whether a command uses a file that a rule for reading or changing files matches. */
function namesFile(
  rule: PermissionRule,
  run: Extract<ToolCallAction, { type: 'run' }>,
  place: ToolCallContext,
): boolean {
  if (rule.pattern === undefined) return false
  if (!isTool(rule, 'read') && (!isTool(rule, ...fileChangeToolNames) || isReadOnlyCommand(run, place)))
    return false
  return run.files
    .slice(1)
    .flat()
    .some((path) => path !== undefined && matchesPath(rule, path, place, 'forbid'))
}

function matchesPath(
  { pattern }: PermissionRule,
  path: string,
  place: ToolCallContext,
  purpose: RuleMatchPurpose,
): boolean {
  if (pattern === undefined) return true
  const expected = absolutePattern(pattern, place)
  if (purpose === 'allow') return matchesGlob(expected, path)
  // A rule for a folder also matches the files in it.
  return (
    matchesGlob(foldPathCase(expected), foldPathCase(path)) ||
    matchesGlob(foldPathCase(expected), `${foldPathCase(path)}/`)
  )
}

/** Resolves a rule's file pattern like a path, with links followed, up to its first `*`. */
function absolutePattern(pattern: string, { cwd, home, realPath }: ToolCallContext): string {
  const [, fixed = '', open = ''] = /^((?:[^*?]*\/)?)(.*)$/s.exec(pattern) ?? []
  const folder = fixed.startsWith('~/') ? home + fixed.slice(1) : resolve(cwd, fixed || '.')
  if (open !== '' && !/[*?]/.test(open)) return realPath(`${folder}/${open}`)
  return `${realPath(folder).replace(/\/$/, '')}/${open}`
}

function matchesHost({ pattern }: PermissionRule, host: string | undefined): boolean {
  if (pattern === undefined) return true
  const expected = /^domain:(.+)$/.exec(pattern)?.[1]
  return expected !== undefined && host !== undefined && matchesGlob(expected.toLowerCase(), host)
}
