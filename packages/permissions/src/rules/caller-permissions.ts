import { permissionPresets, type PermissionPreset } from '@subagent-mcp/contract'
import { parsePermissionRule, type PermissionRule } from './read-rule.js'
import { noPermissionRules, type PermissionRules } from './rule.js'

/** The permissions of a caller, which are the most that it can give to an agent. */
export type CallerPermissions = { preset: PermissionPreset; rules: PermissionRules; closed?: CallAllowlist }

/**
 * A list of allowed calls. Every other call is denied without asking. The list of a host also approves calls that would
 * ask; the list of an agent only restricts.
 */
export type CallAllowlist = { by: 'host' | 'agent'; allow: readonly PermissionRule[] }

export function chooseStricterPreset(one: PermissionPreset, other: PermissionPreset): PermissionPreset {
  return permissionPresets.indexOf(one) < permissionPresets.indexOf(other) ? one : other
}

export const strictestCallerPermissions: CallerPermissions = { preset: 'read-only', rules: noPermissionRules }

/** Returns the permissions of a child agent: those that were asked for, limited to those of its parent. */
export function limitCallerPermissions(
  parent: CallerPermissions,
  asked: CallerPermissions,
): CallerPermissions {
  const { deny, ask, allow } = asked.rules
  const closed = narrowed(parent.closed, asked.closed)
  return {
    preset: chooseStricterPreset(parent.preset, asked.preset),
    rules: {
      deny: once([...parent.rules.deny, ...deny]),
      ask: once([...parent.rules.ask, ...ask]),
      allow: once(
        parent.preset === 'full-auto' ? allow : allow.filter((rule) => isAmong(parent.rules.allow, rule)),
      ),
    },
    ...(closed && { closed }),
  }
}

/** Combines the closed lists of a parent and a child. Only a parent with a host's list can pass the approval of a host on. */
function narrowed(
  parent: CallAllowlist | undefined,
  asked: CallAllowlist | undefined,
): CallAllowlist | undefined {
  if (!parent || !asked) return parent ?? (asked && { by: 'agent', allow: once(asked.allow) })
  const by = parent.by === 'host' ? asked.by : 'agent'
  return { by, allow: once(asked.allow.filter((rule) => isAmong(parent.allow, rule))) }
}

/** Whether a parent can give exactly these permissions, so that `limitCallerPermissions` would not change them. */
export function areCallerPermissionsWithin(
  parent: CallerPermissions,
  { preset, rules, closed }: CallerPermissions,
): boolean {
  return (
    isListWithin(parent.closed, closed) &&
    chooseStricterPreset(parent.preset, preset) === preset &&
    parent.rules.deny.every((rule) => isAmong(rules.deny, rule)) &&
    parent.rules.ask.every((rule) => isAmong(rules.ask, rule)) &&
    (parent.preset === 'full-auto' || rules.allow.every((rule) => isAmong(parent.rules.allow, rule)))
  )
}

function isListWithin(parent: CallAllowlist | undefined, list: CallAllowlist | undefined): boolean {
  if (list?.by === 'host' && parent?.by !== 'host') return false
  return !parent || (list?.allow.every((rule) => isAmong(parent.allow, rule)) ?? false)
}

function once(rules: readonly PermissionRule[]): readonly PermissionRule[] {
  return [...new Map(rules.map((rule) => [rule.text, rule])).values()]
}

function isAmong(rules: readonly PermissionRule[], { text }: PermissionRule): boolean {
  return rules.some((rule) => rule.text === text)
}

export function encodeCallerPermissions({ preset, rules, closed }: CallerPermissions): string {
  const texts = [rules.deny, rules.ask, rules.allow].map(textsOf)
  return JSON.stringify([preset, ...texts, ...(closed ? [closed.by, textsOf(closed.allow)] : [])])
}

function textsOf(rules: readonly PermissionRule[]): readonly string[] {
  return rules.map(({ text }) => text)
}

/** Decodes a text of `encodeCallerPermissions`; undefined for any other text. */
export function decodeCallerPermissions(text: string): CallerPermissions | undefined {
  const parts = partsOf(text)
  const known = permissionPresets.find((one) => one === parts[0])
  const [deny, ask, allow] = parts.slice(1, 4).map(rulesOf)
  if (!known || !deny || !ask || !allow) return undefined
  const open = { preset: known, rules: { deny, ask, allow } }
  if (parts.length === 4) return open
  const [by, list] = [bys.find((one) => one === parts[4]), rulesOf(parts[5])]
  return parts.length === 6 && by && list ? { ...open, closed: { by, allow: list } } : undefined
}

const bys = ['host', 'agent'] as const

function partsOf(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(text)
    return Array.isArray(parts) ? parts : []
  } catch {
    // `encodeCallerPermissions` did not write this.
    return []
  }
}

function rulesOf(texts: unknown): readonly PermissionRule[] | undefined {
  if (!Array.isArray(texts)) return undefined
  const rules = texts.map((text: unknown) =>
    typeof text === 'string' ? parsePermissionRule(text) : undefined,
  )
  const known = rules.filter((rule) => rule !== undefined)
  return known.length === rules.length ? known : undefined
}
