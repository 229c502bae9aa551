import { SubagentError } from '@subagent-mcp/contract'
import type { Check, Context, Finding } from './check.js'

/** A finding with the name of the check that found it. */
export type Found = Finding & { check: string }

/**
 * Runs checks in their order. `onCheck` is told of each before it begins, as some block, and returns what is to be
 * called once it is done. What keeps a check from looking is what it found, whatever it is: the others go on.
 */
export async function runChecks(
  checks: readonly Check[],
  context: Context,
  onCheck: (name: string) => () => void,
): Promise<Found[]> {
  const found: Found[] = []
  for (const check of checks) {
    const done = onCheck(check.name)
    const findings = await look(check, context)
    done()
    found.push(...findings.map((finding) => ({ ...finding, check: check.name })))
  }
  return found
}

async function look(check: Check, context: Context): Promise<readonly Finding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    const hint = error instanceof SubagentError ? error.hint : undefined
    const what = error instanceof Error ? error.message : String(error)
    return [
      { severity: 'error', what, mend: hint ?? 'mend what it names, and run subagent-mcp doctor again' },
    ]
  }
}
