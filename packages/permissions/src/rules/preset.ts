import type { PermissionPreset } from '@subagent-mcp/contract'
import type { CallerPermissions, CallAllowlist } from './caller-permissions.js'
import { findIrreversibleEffect } from '../effects/irreversible.js'
import { isNotAutoRunProjectFile } from '../places/agent-folder-files.js'
import { isSingleMcpToolName } from './tool-names.js'
import type { ToolCallContext } from '../places/tool-call-context.js'
import type { PermissionRule } from './read-rule.js'
import {
  doesRuleMatchAction,
  ruleMayMatchUnknownPart,
  type RuleMatchPurpose,
  type PermissionRules,
} from './rule.js'
import { isFileManagementCommand, isReadOnlyCommand } from '../effects/shell-commands.js'
import type { ToolCallAction, ParsedToolCall } from '../call/tool-call-action.js'

/** The decision on a tool call, and the rule or preset that made it. With `humanOnly` the approval of a model does not count. */
export type ToolCallDecision =
  | { verdict: 'allow' | 'deny'; by: string }
  | { verdict: 'ask'; by: string; humanOnly: boolean }

/** The permissions against which tool calls are checked. `testCommands` are patterns of `Bash` rules. */
export type PermissionPolicy = CallerPermissions & { testCommands: readonly string[] }

/** Decides on a call. It is denied when one of its actions is denied, and allowed when all are allowed. */
export function decideToolCall(
  { closed, ...policy }: PermissionPolicy,
  call: ParsedToolCall,
  place: ToolCallContext,
): ToolCallDecision {
  const verdicts = call.actions.map((action): ToolCallDecision => {
    const about = { action, call, place }
    const open = decideOpen(policy, about)
    return closed ? decideClosed(closed, { open, ruled: isRuled(policy.rules, about), ...about }) : open
  })
  return worst(verdicts)
}

type About = { action: ToolCallAction; call: ParsedToolCall; place: ToolCallContext }
type OpenPolicy = Omit<PermissionPolicy, 'closed'>

function decideOpen({ preset, rules, testCommands }: OpenPolicy, about: About): ToolCallDecision {
  const { action, call, place } = about
  const denied = first(rules.deny, about, 'forbid')
  if (denied) return { verdict: 'deny', by: `rule ${denied.text}` }
  const lasting = findIrreversibleEffect(action, place)
  const asks = first(rules.ask, about, 'forbid')
  if (asks) return stopped(preset, { action, lasting, by: `rule ${asks.text}` })
  const unseen = action.type === 'opaque' ? mayBeAbout(rules, call) : undefined
  if (unseen) return stopped(preset, { action, lasting, by: unclear(action, unseen) })
  if (preset === 'full-auto') return { verdict: 'allow', by: 'preset full-auto' }
  if (lasting === undefined && passes(preset, { ...about, testCommands })) {
    return { verdict: 'allow', by: `preset ${preset}` }
  }
  const counting = rules.allow.filter((rule) => !needsPerson(preset, lasting, rule))
  const allowed = first(counting, about, 'allow')
  if (allowed) return { verdict: 'allow', by: `rule ${allowed.text}` }
  return stopped(preset, { action, lasting, by: lasting ?? reason(action, preset) })
}

function first(
  list: readonly PermissionRule[],
  about: About,
  purpose: RuleMatchPurpose,
): PermissionRule | undefined {
  return list.find((rule) => doesRuleMatchAction(rule, { ...about, purpose }))
}

function isRuled({ deny, ask }: PermissionRules, about: About): boolean {
  return first([...deny, ...ask], about, 'forbid') !== undefined
}

/** Returns a deny or ask rule that may match the unknown part of a tool call; undefined without one. */
function mayBeAbout({ deny, ask }: PermissionRules, call: ParsedToolCall): PermissionRule | undefined {
  return [...deny, ...ask].find((rule) => ruleMayMatchUnknownPart(rule, call))
}

function unclear(action: ToolCallAction, { text }: PermissionRule): string {
  return `not understood (${action.type === 'opaque' ? action.why : action.type}), and rule ${text} may be about it`
}

type Stop = { action: ToolCallAction; lasting: string | undefined; by: string }

function stopped(preset: PermissionPreset, { action, lasting, by }: Stop): ToolCallDecision {
  if (preset === 'read-only') return { verdict: 'deny', by }
  return { verdict: 'ask', by, humanOnly: lasting !== undefined || action.type === 'opaque' }
}

/**
 * Whether an allow rule does not count. In `ask` no rule allows an irreversible action, in `accept-edits` only a rule without
 * `*`. In `read-only` no rule allows more than the preset.
 */
function needsPerson(
  preset: PermissionPreset,
  lasting: string | undefined,
  { pattern }: PermissionRule,
): boolean {
  if (preset === 'read-only') return true
  return lasting !== undefined && (preset === 'ask' || pattern === undefined || /[*?]/.test(pattern))
}

type Asked = About & { testCommands: readonly string[] }

function passes(preset: PermissionPreset, { action, call, place, testCommands }: Asked): boolean {
  const mayChange = preset !== 'read-only'
  switch (action.type) {
    case 'read':
      return true
    case 'edit':
      return mayChange && isNotAutoRunProjectFile(action.path, place)
    case 'delete':
      return preset === 'accept-edits' && isNotAutoRunProjectFile(action.path, place)
    case 'run':
      if (isReadOnlyCommand(action, place) || onlyRedirects(action)) return true
      if (preset === 'accept-edits' && isFileManagementCommand(action, call, place)) return true
      return (
        mayChange &&
        testCommands.some((pattern) => {
          const rule = { text: pattern, tool: 'bash', pattern }
          return doesRuleMatchAction(rule, { action, call, place, purpose: 'allow' })
        })
      )
    case 'session':
      return true
    default:
      return false
  }
}

/** Whether a shell command only redirects. The files of its redirections are separate actions. */
function onlyRedirects({ command }: Extract<ToolCallAction, { type: 'run' }>): boolean {
  return command.words.length === 0 && command.assignments.length === 0
}

function reason(action: ToolCallAction, preset: PermissionPreset): string {
  return action.type === 'opaque' ? action.why : `preset ${preset}`
}

const order = { deny: 0, ask: 1, allow: 2 } as const

function worst(decisions: readonly ToolCallDecision[]): ToolCallDecision {
  const sorted = decisions.toSorted((one, other) => order[one.verdict] - order[other.verdict])
  const [first = { verdict: 'ask', by: 'it does nothing that is known', humanOnly: true }] = sorted
  const lasting = sorted.find((decision) => decision.verdict === 'ask' && decision.humanOnly)
  return first.verdict === 'ask' && lasting ? lasting : first
}

/** An action of a call, the decision on it without the closed list, and whether a deny or ask rule matches it. */
type Listed = {
  action: ToolCallAction
  call: ParsedToolCall
  place: ToolCallContext
  open: ToolCallDecision
  ruled: boolean
}

/**
 * Decides on an action under a closed list. Allows an action on the list that would be allowed, or that its host could have
 * approved. A single MCP tool on a host's list is allowed in every preset. Everything else is denied without asking.
 */
function decideClosed({ by, allow }: CallAllowlist, { open, ruled, ...about }: Listed): ToolCallDecision {
  const fits = allow.filter((rule) => doesRuleMatchAction(rule, { ...about, purpose: 'allow' }))
  const [rule] = fits
  if (!rule) return open.verdict === 'deny' ? open : { verdict: 'deny', by: 'not among its allowed tools' }
  const couldBeAnswered =
    by === 'host' &&
    !ruled &&
    ((open.verdict === 'ask' && !open.humanOnly) || fits.some(({ tool }) => isSingleMcpToolName(tool)))
  if (open.verdict === 'allow' || couldBeAnswered)
    return { verdict: 'allow', by: `allowed tool ${rule.text}` }
  return { verdict: 'deny', by: open.by }
}
