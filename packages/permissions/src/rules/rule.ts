import { resolve } from 'node:path'
import { fitsGlob } from '../places/glob.js'
import { foldedPath, isBelow, type CallPlace } from '../places/place.js'
import { onlyReads } from '../effects/shell-commands.js'
import type { Word } from '../shell/word.js'
import type { PermissionRule } from './read-rule.js'
import { changeTools, searchTools, ruleToolName, webTools } from './tool-names.js'
import { programOf } from '../shell/unwrap.js'
import type { ShellCommand } from '../shell/command.js'
import type { CallAction, UnderstoodCall } from '../call/action.js'

/** Permission rules. Deny rules win over ask rules, and ask rules over allow rules. */
export type PermissionRules = {
  deny: readonly PermissionRule[]
  ask: readonly PermissionRule[]
  allow: readonly PermissionRule[]
}

export const noRules: PermissionRules = { deny: [], ask: [], allow: [] }

/**
 * Whether a rule matches an action. To `allow`, everything that the action may be must match; to `forbid`, one possibility
 * is enough.
 */
export function ruleMatches(
  rule: PermissionRule,
  asked: { action: CallAction; call: UnderstoodCall; place: CallPlace; purpose: MatchPurpose },
): boolean {
  const { action, call, place, purpose } = asked
  switch (action.type) {
    case 'run':
      if (isTool(rule, 'bash')) return matchesCommand(rule, action, place, purpose)
      return purpose === 'forbid' && namesFile(rule, action, place)
    case 'read':
      return (
        isTool(rule, 'read', ...searchTools.filter((name) => name === ruleToolName(call.tool))) &&
        matchesPath(rule, action.path, place, purpose)
      )
    case 'edit':
    case 'delete':
      return isTool(rule, ...changeTools) && matchesPath(rule, action.path, place, purpose)
    case 'network':
      return isTool(rule, ...networkNames(ruleToolName(call.tool), purpose)) && matchesHost(rule, action.host)
    case 'mcp':
    case 'other':
    case 'session':
      return rule.pattern === undefined && namesTool(rule, action.tool)
    case 'opaque':
      // The tool of the call is known even when its effect is not.
      return purpose === 'forbid' && rule.pattern === undefined && namesTool(rule, call.tool)
  }
}

/** Whether a rule may match the unknown part of a call, by the tools that such a call can stand for. */
export function ruleMayConcern({ tool }: PermissionRule, call: UnderstoodCall): boolean {
  const name = ruleToolName(call.tool)
  if (tool === '*') return true
  if (name === 'bash') return ['bash', 'read', ...changeTools].includes(tool)
  if (changeTools.includes(name)) return changeTools.includes(tool)
  if (['read', ...searchTools].includes(name)) return ['read', name].includes(tool)
  return true
}

/** The purpose of a match. */
export type MatchPurpose = 'allow' | 'forbid'

function isTool({ tool }: PermissionRule, ...names: readonly string[]): boolean {
  return names.some((name) => fitsGlob(tool, name, { wholeTree: true }))
}

/** The tools whose rules match a network action. Allowing a web search does not allow hosts; forbidding it forbids them. */
function networkNames(tool: string, purpose: MatchPurpose): readonly string[] {
  return purpose === 'allow' ? ['webfetch', tool] : [...webTools, tool]
}

/** Whether a rule names a tool, with or without a pattern. */
export function namesTool({ tool }: PermissionRule, name: string): boolean {
  return fitsGlob(tool, ruleToolName(name), { wholeTree: true })
}

function matchesCommand(
  { pattern }: PermissionRule,
  { command, folders }: Extract<CallAction, { type: 'run' }>,
  { cwd }: CallPlace,
  purpose: MatchPurpose,
): boolean {
  if (purpose === 'allow') {
    if (!command.assignments.every((name) => harmless.has(name))) return false
    if (!folders.every((folder) => folder === cwd || isBelow(folder, cwd))) return false
  }
  if (command.words.length === 0) return false
  return pattern === undefined || matchesWords(pattern, command, purpose)
}

/** Environment variables that change the output of a program, and not what it does. */
const harmless = new Set(
  'CI NODE_ENV FORCE_COLOR NO_COLOR LANG LC_ALL TZ TERM RUST_BACKTRACE PYTHONUNBUFFERED'.split(' '),
)

/** Whether a command matches a pattern: `npm test` exactly these words; `npm test:*` and `npm test *` also with more words; `*` in a word any text. */
function matchesWords(pattern: string, { words }: ShellCommand, purpose: MatchPurpose): boolean {
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

function isOpen({ kind }: Word): boolean {
  return kind !== 'plain' && kind !== 'tilde' && kind !== 'glob'
}

function isWord(part: string, { kind, text }: Word): boolean {
  if (kind !== 'plain') return false
  return text === part || (fitsGlob(part, text, { wholeTree: true }) && !/(^|\/)\.\.(\/|$)/.test(text))
}

function mayBeWord(part: string, word: Word, at: number): boolean {
  const text = at === 0 ? programOf({ words: [word], assignments: [], redirections: [] }) : word.text
  return fitsGlob(at === 0 ? part.toLowerCase() : part, text, { wholeTree: true })
}

/** Whether a command uses a file that a rule for reading or changing files matches. */
function namesFile(
  rule: PermissionRule,
  run: Extract<CallAction, { type: 'run' }>,
  place: CallPlace,
): boolean {
  if (rule.pattern === undefined) return false
  if (!isTool(rule, 'read') && (!isTool(rule, ...changeTools) || onlyReads(run, place))) return false
  return run.files
    .slice(1)
    .flat()
    .some((path) => path !== undefined && matchesPath(rule, path, place, 'forbid'))
}

function matchesPath(
  { pattern }: PermissionRule,
  path: string,
  place: CallPlace,
  purpose: MatchPurpose,
): boolean {
  if (pattern === undefined) return true
  const expected = absolutePattern(pattern, place)
  if (purpose === 'allow') return fitsGlob(expected, path)
  // A rule for a folder also matches the files in it.
  return (
    fitsGlob(foldedPath(expected), foldedPath(path)) || fitsGlob(foldedPath(expected), `${foldedPath(path)}/`)
  )
}

/** Resolves a rule's file pattern like a path, with links followed, up to its first `*`. */
function absolutePattern(pattern: string, { cwd, home, realPath }: CallPlace): string {
  const [, fixed = '', open = ''] = /^((?:[^*?]*\/)?)(.*)$/s.exec(pattern) ?? []
  const folder = fixed.startsWith('~/') ? home + fixed.slice(1) : resolve(cwd, fixed || '.')
  if (open !== '' && !/[*?]/.test(open)) return realPath(`${folder}/${open}`)
  return `${realPath(folder).replace(/\/$/, '')}/${open}`
}

function matchesHost({ pattern }: PermissionRule, host: string | undefined): boolean {
  if (pattern === undefined) return true
  const expected = /^domain:(.+)$/.exec(pattern)?.[1]
  return expected !== undefined && host !== undefined && fitsGlob(expected.toLowerCase(), host)
}
