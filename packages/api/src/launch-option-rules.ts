import type { ErrorCode } from '@subagent-mcp/contract'
import type { z } from 'zod'
import type { LaunchOption } from './launch-options.js'

/** A rule between launch options: one needs another, or cannot be combined with others, because of `why`. */
export type LaunchOptionRule = { option: LaunchOption; code?: ErrorCode } & (
  | { needs: LaunchOption }
  | { excludes: readonly LaunchOption[]; why?: string; hint: string }
)

export const launchOptionRules: readonly LaunchOptionRule[] = [
  {
    option: 'agent',
    excludes: ['category', 'prefer', 'model', 'effort', 'mcp', 'permissions', 'deadlock'],
    why: "the agent's definition sets it",
    hint: 'the definition says it: leave it out, or launch without agent',
  },
  {
    option: 'deadlock',
    excludes: ['provider', 'prefer', 'model', 'effort'],
    hint: 'after failures the launch chooses by itself: leave it out',
  },
  {
    option: 'prefer',
    excludes: ['provider', 'model'],
    hint: 'give provider to use no other provider, or prefer alone to try it first',
  },
  { option: 'model', needs: 'provider', code: 'model-without-provider' },
  { option: 'effort', needs: 'model', code: 'effort-without-model' },
]

/**
 * Returns a zod refinement (for `superRefine`) that checks the rules between launch options. `keyOf` returns the key of an
 * option in the object, `nameOf` its name in error messages, such as `--model`.
 */
export function createLaunchOptionRuleCheck(
  keyOf: (option: LaunchOption) => string,
  nameOf = keyOf,
): (values: Readonly<Record<string, unknown>>, context: z.RefinementCtx) => void {
  return (values, context) => {
    const isGiven = (option: LaunchOption): boolean => {
      const value = values[keyOf(option)]
      return value !== undefined && value !== false
    }
    const broken = launchOptionRules.flatMap((rule) => problemOf(rule, isGiven, nameOf) ?? [])
    const [problem] = broken
    if (problem) context.addIssue({ code: 'custom', ...problem })
  }
}

function problemOf(
  rule: LaunchOptionRule,
  isGiven: (option: LaunchOption) => boolean,
  nameOf: (option: LaunchOption) => string,
): { message: string; params: { code: ErrorCode; hint: string } } | undefined {
  const { option, code = 'invalid-parameter' } = rule
  if (!isGiven(option)) return undefined
  const name = nameOf(option)
  if ('needs' in rule) {
    if (isGiven(rule.needs)) return undefined
    const needed = nameOf(rule.needs)
    return { message: `${name} needs ${needed}`, params: { code, hint: `give ${needed} too` } }
  }
  const other = rule.excludes.find(isGiven)
  if (other === undefined) return undefined
  return { message: `${name} cannot be combined with ${nameOf(other)}`, params: { code, hint: rule.hint } }
}
