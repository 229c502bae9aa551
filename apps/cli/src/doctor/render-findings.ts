import { cutLine } from '../terminal/text.js'
import { plural } from '../terminal/format.js'
import type { Paint, Tone } from '../terminal/paint.js'
import { type Finding, doctorFixesFor, type DoctorCheckFinding } from './check.js'

/** Findings for a user: a line for each, the fix below each problem, and the number of problems at the end. */
export function renderFindings(found: readonly DoctorCheckFinding[], paint: Paint): string {
  return [...found.flatMap((finding) => describe(finding, paint)), '', summary(found), ''].join('\n')
}

export function doctorFindingsAsJson(found: readonly DoctorCheckFinding[]): object {
  const findings = found.map((finding) => {
    if (finding.severity === 'ok') return finding
    const { check, severity, what, mend, fix } = finding
    return { check, severity, what, mend, fixable: fix !== undefined }
  })
  return { ...counts(found), findings }
}

const tones: Record<Finding['severity'], Tone> = { ok: 'green', warning: 'yellow', error: 'red' }

/** The longest line, in characters. Reasons may contain long texts of other programs. */
const longestLine = 1000

function describe(finding: DoctorCheckFinding, paint: Paint): string[] {
  const { severity, check, what } = finding
  const line = `${paint(tones[severity], severity.padEnd(7))}  ${check}: ${cutLine(what, longestLine)}`
  if (finding.severity === 'ok') return [line]
  return [line, `${' '.repeat(9)}${paint('bold', cutLine(finding.mend, longestLine))}`]
}

function summary(found: readonly DoctorCheckFinding[]): string {
  const { errors, warnings } = counts(found)
  if (errors + warnings === 0) return 'nothing is wrong'
  const fixes = doctorFixesFor(found).length
  const told = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`
  return fixes === 0
    ? told
    : `${told}; subagent-mcp doctor --fix runs ${plural(fixes, 'command')} of those above`
}

function counts(found: readonly DoctorCheckFinding[]): { errors: number; warnings: number } {
  const number = (severity: Finding['severity']) => found.filter((one) => one.severity === severity).length
  return { errors: number('error'), warnings: number('warning') }
}
