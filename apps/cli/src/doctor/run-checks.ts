import { SubagentError } from '@subagent-mcp/contract'
import type { Check, Context, Finding } from './check.js'

/** A finding with the name of the check that found it. */
export type Found = Finding & { check: string }

/**
 * Runs checks in their order. One that is slow is told to `onSlow`, which returns what is to be called once it is
 * done. What keeps a check from looking is what it found.
 */
export async function runChecks(
  checks: readonly Check[],
  context: Context,
  onSlow: (name: string) => () => void,
): Promise<Found[]> {
  const found: Found[] = []
  for (const check of checks) {
    const findings = await patiently(check, onSlow, () => look(check, context))
    found.push(...findings.map((finding) => ({ ...finding, check: check.name })))
  }
  return found
}

/** What takes no longer needs no word, in milliseconds. */
const slowMs = 300

async function patiently<Result>(
  { name }: Check,
  onSlow: (name: string) => () => void,
  run: () => Promise<Result>,
): Promise<Result> {
  let done = (): void => undefined
  const timer = setTimeout(() => {
    done = onSlow(name)
  }, slowMs)
  try {
    return await run()
  } finally {
    clearTimeout(timer)
    done()
  }
}

async function look(check: Check, context: Context): Promise<readonly Finding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return [{ severity: 'error', what: error.message, mend: error.hint ?? 'subagent-mcp daemon logs' }]
  }
}
