import { cutSafeLine } from '../terminal/text.js'
import { formatCountWithNoun } from '../terminal/format.js'
import type { TextTone } from '../terminal/paint.js'
import type { TextOutput } from '../terminal/terminal.js'
import { wrapText } from '../terminal/wrap-text.js'
import { sep } from 'node:path'
import { type DoctorFinding, collectDoctorFixes, type DoctorCheckFinding } from './run-doctor-checks.js'

/** The look of findings: lines are wrapped at the width of the terminal, and paths in `home` begin with `~`. */
export type DoctorFindingsStyle = Pick<TextOutput, 'paint' | 'size'> & { home: string }

/** Findings for a user: a line for each, the fix below each problem, and the number of problems at the end. */
export function renderDoctorFindings(
  found: readonly DoctorCheckFinding[],
  style: DoctorFindingsStyle,
): string {
  return [...found.flatMap((finding) => describe(finding, style)), '', summary(found), ''].join('\n')
}

export function formatDoctorFindingsAsJson(found: readonly DoctorCheckFinding[]): object {
  const findings = found.map((finding) => {
    if (!('mend' in finding)) return finding
    const { check, severity, what, mend, fix } = finding
    return { check, severity, what, mend, fixable: fix !== undefined }
  })
  return { ...counts(found), findings }
}

const tones: Record<DoctorFinding['severity'], TextTone> = {
  ok: 'green',
  note: 'dim',
  warning: 'yellow',
  error: 'red',
}

/** The most characters of a line of findings, because reasons may contain long texts of other programs. */
const longestLine = 1000

function describe(finding: DoctorCheckFinding, { paint, size, home }: DoctorFindingsStyle): string[] {
  const { severity, check, what } = finding
  const columns = (size()?.columns ?? Infinity) - indent.length
  const lines = (text: string): string[] => wrapText(cutSafeLine(text, longestLine), columns)
  const [first = '', ...more] = lines(`${check}: ${what.replaceAll(home + sep, `~${sep}`)}`)
  return [
    `${paint(tones[severity], severity.padEnd(indent.length - 2))}  ${first}`,
    ...more.map((line) => indent + line),
    ...(!('mend' in finding) ? [] : lines(finding.mend).map((line) => indent + paint('bold', line))),
  ]
}

/** The spaces before further lines of a finding, below the text of its first line. */
const indent = ' '.repeat(9)

function summary(found: readonly DoctorCheckFinding[]): string {
  const { errors, warnings } = counts(found)
  if (errors + warnings === 0) return 'nothing is wrong'
  const fixes = collectDoctorFixes(found).length
  const told = `${formatCountWithNoun(errors, 'error')}, ${formatCountWithNoun(warnings, 'warning')}`
  return fixes === 0
    ? told
    : `${told}; subagent-mcp doctor --fix runs ${formatCountWithNoun(fixes, 'command')} of those above`
}

function counts(found: readonly DoctorCheckFinding[]): { errors: number; warnings: number } {
  const number = (severity: DoctorFinding['severity']) =>
    found.filter((one) => one.severity === severity).length
  return { errors: number('error'), warnings: number('warning') }
}
