import { maskSecrets } from '@subagent-mcp/permissions'
import { dirname, sep } from 'node:path'
import type { DoctorCheckFinding } from './run-doctor-checks.js'
import { renderDoctorFindings } from './render-findings.js'
import { paintNothing } from '../terminal/paint.js'

/** The machine of a report: the versions that it shows, and the names and folders that it masks. */
export type IssueReportMachine = {
  version: string
  node: string
  /** The operating system with its release and architecture. */
  system: string
  home: string
  project: string
  userName: string
  hostName: string
}

/**
 * Markdown for a public issue: the versions and all findings, in which secrets, e-mail addresses, the user's and the machine's name
 * and the paths of the home folder and the project are masked.
 */
export function renderIssueReport(found: readonly DoctorCheckFinding[], machine: IssueReportMachine): string {
  const { version, node, system, home } = machine
  const findings = renderDoctorFindings(found, { paint: paintNothing, size: () => undefined, home }).trimEnd()
  return [
    `subagent-mcp ${version}, Node.js ${node}, ${system}`,
    '',
    '```text',
    maskPersonal(findings, machine).replaceAll('```', "'''"),
    '```',
    '',
  ].join('\n')
}

function maskPersonal(text: string, { project, home, userName, hostName }: IssueReportMachine): string {
  // The texts of findings have `~` for the home folder already.
  const shownProject = project.startsWith(home + sep) ? `~${project.slice(home.length)}` : project
  const isOwnFolder = project !== home && dirname(project) !== project
  const paths = isOwnFolder
    ? text.replaceAll(project, '<project>').replaceAll(shownProject, '<project>')
    : text
  const masked = maskSecrets(dirname(home) === home ? paths : paths.replaceAll(home, '~'))
  return maskWord(maskWord(masked, userName, '<user>'), hostName, '<machine>').replaceAll(
    /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
    '<e-mail>',
  )
}

/** User and machine names that are not masked, because they identify nobody and occur in messages. */
const commonNames = ['root', 'node', 'user', 'localhost']

/** Replaces a name wherever it is a whole word, as in a path. */
function maskWord(text: string, name: string, mask: string): string {
  if (name === '' || commonNames.includes(name)) return text
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu'), mask)
}
