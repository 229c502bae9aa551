import type { PermissionPreset } from '@subagent-mcp/contract'
import { parseRule, type Rule } from './read-rule.js'
import { noRules, type Rules } from './rule.js'

/** The presets, from the one that lets least pass. */
export const presets: readonly PermissionPreset[] = ['read-only', 'ask', 'accept-edits', 'full-auto']

/** What a caller has, and so the most that it can give. */
export type Authority = { preset: PermissionPreset; rules: Rules }

/** The preset that lets less pass. */
export function narrower(one: PermissionPreset, other: PermissionPreset): PermissionPreset {
  return presets.indexOf(one) < presets.indexOf(other) ? one : other
}

/** What is left where nothing is known of a caller. */
export const mostRestricted: Authority = { preset: 'read-only', rules: noRules }

/** What a child gets of what was asked for: never more than its parent has. */
export function grant(parent: Authority, asked: Authority): Authority {
  const { deny, ask, allow } = asked.rules
  return {
    preset: narrower(parent.preset, asked.preset),
    rules: {
      deny: once([...parent.rules.deny, ...deny]),
      ask: once([...parent.rules.ask, ...ask]),
      allow: once(
        parent.preset === 'full-auto' ? allow : allow.filter((rule) => isAmong(parent.rules.allow, rule)),
      ),
    },
  }
}

/** Whether a parent can give just this: nothing of it would be taken away, nothing added. */
export function isWithin(parent: Authority, { preset, rules }: Authority): boolean {
  return (
    narrower(parent.preset, preset) === preset &&
    parent.rules.deny.every((rule) => isAmong(rules.deny, rule)) &&
    parent.rules.ask.every((rule) => isAmong(rules.ask, rule)) &&
    (parent.preset === 'full-auto' || rules.allow.every((rule) => isAmong(parent.rules.allow, rule)))
  )
}

function once(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [rule.text, rule])).values()]
}

function isAmong(rules: readonly Rule[], { text }: Rule): boolean {
  return rules.some((rule) => rule.text === text)
}

/** An authority as one line, for the environment of a child. */
export function ceilingText({ preset, rules }: Authority): string {
  const texts = [rules.deny, rules.ask, rules.allow].map((list) => list.map(({ text }) => text))
  return JSON.stringify([preset, ...texts])
}

/** Reads what `ceilingText` wrote; `undefined` for anything else. */
export function readCeiling(text: string): Authority | undefined {
  const parts = partsOf(text)
  const [preset, ...lists] = parts
  const known = presets.find((one) => one === preset)
  const [deny, ask, allow] = lists.map(rulesOf)
  if (parts.length !== 4 || !known || !deny || !ask || !allow) return undefined
  return { preset: known, rules: { deny, ask, allow } }
}

function partsOf(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(text)
    return Array.isArray(parts) ? parts : []
  } catch {
    // Not of our making: it has no parts.
    return []
  }
}

function rulesOf(texts: unknown): readonly Rule[] | undefined {
  if (!Array.isArray(texts)) return undefined
  const rules = texts.map((text: unknown) => (typeof text === 'string' ? parseRule(text) : undefined))
  const known = rules.filter((rule) => rule !== undefined)
  return known.length === rules.length ? known : undefined
}
