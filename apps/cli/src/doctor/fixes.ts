import { SubagentError } from '@subagent-mcp/contract'
import type { Trouble } from './check.js'
import type { Found } from './run-checks.js'

/** What mends some of what was found: a command with what does the same from here. */
export type Fix = Required<Pick<Trouble, 'mend' | 'fix'>>

/** The fixes for what was found, each once. */
export function fixesFor(found: readonly Found[]): Fix[] {
  const fixes = new Map<string, Fix>()
  for (const finding of found) {
    if (finding.severity === 'ok' || finding.fix === undefined) continue
    fixes.set(finding.mend, { mend: finding.mend, fix: finding.fix })
  }
  return [...fixes.values()]
}

/** Runs fixes one after another, and whether all went well: one that fails is told, and keeps no other from it. */
export async function runFixes(
  fixes: readonly Fix[],
  tell: (line: string) => Promise<void>,
): Promise<boolean> {
  let isWell = true
  for (const { mend, fix } of fixes) {
    await tell(`${mend} ...`)
    try {
      await fix()
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      isWell = false
      await tell(`  failed: ${error.message}`)
    }
  }
  return isWell
}
