import type { Check, CheckResult } from './check.js'

/** Runs one check. `text` has a line with its result and a line for each problem. A check that throws counts as failed. */
export async function runCheck(
  name: string,
  check: Check,
  root: string,
): Promise<{ ok: boolean; text: string }> {
  const { summary, problems } = await findings(check, root)
  const ok = problems.length === 0
  const verdict = ok ? 'ok' : 'FAILED'
  return {
    ok,
    text: [`${name}: ${verdict}, ${summary}`, ...problems.map((problem) => `  ${problem}`), ''].join('\n'),
  }
}

async function findings(check: Check, root: string): Promise<CheckResult> {
  try {
    return await check(root)
  } catch (cause) {
    return { summary: 'could not run', problems: [cause instanceof Error ? cause.message : String(cause)] }
  }
}
