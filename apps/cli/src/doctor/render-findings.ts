import { plural } from '../terminal/amounts.js'
import type { Paint, Tone } from '../terminal/paint.js'
import { oneLine } from '../terminal/plain-text.js'
import type { Finding } from './check.js'
import { fixesFor } from './fixes.js'
import type { Found } from './run-checks.js'

/** What was found, for a person: a line each, below a trouble what mends it, and at the end what it comes to. */
export function describeFindings(found: readonly Found[], paint: Paint): string {
  return [...found.flatMap((finding) => describe(finding, paint)), '', summary(found), ''].join('\n')
}

/** The same for a program. */
export function findingsAsData(found: readonly Found[]): object {
  const findings = found.map((finding) => {
    if (finding.severity === 'ok') return finding
    const { check, severity, what, mend, fix } = finding
    return { check, severity, what, mend, fixable: fix !== undefined }
  })
  return { ...counts(found), findings }
}

const marks: Record<Finding['severity'], { word: string; tone: Tone }> = {
  ok: { word: 'ok', tone: 'green' },
  warning: { word: 'warning', tone: 'yellow' },
  error: { word: 'error', tone: 'red' },
}

/** Reasons may hold what others wrote, and are long. */
const longestLine = 1000

function describe(finding: Found, paint: Paint): string[] {
  const { word, tone } = marks[finding.severity]
  const line = `${paint(tone, word.padEnd(7))}  ${finding.check}: ${oneLine(finding.what, longestLine)}`
  if (finding.severity === 'ok') return [line]
  return [line, `${' '.repeat(9)}${paint('bold', oneLine(finding.mend, longestLine))}`]
}

function summary(found: readonly Found[]): string {
  const { errors, warnings } = counts(found)
  if (errors + warnings === 0) return 'nothing is wrong'
  const fixes = fixesFor(found).length
  const told = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`
  return fixes === 0
    ? told
    : `${told}; subagent-mcp doctor --fix runs ${plural(fixes, 'command')} of those above`
}

function counts(found: readonly Found[]): { errors: number; warnings: number } {
  const number = (severity: Finding['severity']) => found.filter((one) => one.severity === severity).length
  return { errors: number('error'), warnings: number('warning') }
}
