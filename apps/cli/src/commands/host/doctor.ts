import { hostname, release } from 'node:os'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { booleanArgSchema, jsonFlag } from '../../command/arg-schemas.js'
import {
  collectDoctorFixes,
  runDoctorChecks,
  runDoctorFixes,
  type DoctorCheck,
  type DoctorCheckFinding,
  type DoctorContext,
  type DoctorFix,
} from '../../doctor/run-doctor-checks.js'
import { doctorChecks } from '../../doctor/all-doctor-checks.js'
import { formatDoctorFindingsAsJson, renderDoctorFindings } from '../../doctor/render-findings.js'
import { renderIssueReport } from '../../doctor/issue-report.js'
import { withDoctorContext } from '../../doctor/doctor-context.js'
import { exitCode } from '../../exit.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { formatCountWithNoun } from '../../terminal/format.js'
import { getLoginName } from '../../terminal/person.js'
import { askYesNo } from '../../terminal/input.js'
import type { Terminal } from '../../terminal/terminal.js'
import { formatSafeJson } from '../../terminal/text.js'
import { version } from '../../version.js'

export const doctorCommand = defineTerminalCommand(
  {
    description: 'Check whether hosts, CLIs and subagent-mcp work on this machine, and print how to fix them',
    details: ['Exits 1 if there is an error, 0 if there are only warnings.'],
    examples: ['doctor', 'doctor --fix --yes', 'doctor --report'],
    flags: {
      fix: booleanArgSchema('Run the printed commands that fix the problems; asks first'),
      yes: booleanArgSchema('With --fix: do not ask for confirmation', 'y'),
      report: booleanArgSchema(
        'Print the findings for a bug report, with keys, names and paths of yours masked',
      ),
      json: jsonFlag,
    },
    rules: [createFlagExcludesRule('report', ['fix', 'json'])],
  },
  (options, terminal) => withDoctorContext(terminal, (context) => runDoctor(options, { context, terminal })),
)

type DoctorOptions = { fix: boolean; yes: boolean; report?: boolean; json: boolean }

/** Runs all checks, the fixes that the user agrees to, then the checks again. Fails if an error is left or a fix failed. */
export async function runDoctor(
  options: DoctorOptions,
  { context, terminal }: { context: DoctorContext; terminal: Terminal },
  all: readonly DoctorCheck[] = doctorChecks,
): Promise<number> {
  const run = () => runDoctorChecks(all, context, (name) => showProgress(terminal, name))
  const first = await run()
  const fixed = options.fix ? await fix(options, first, terminal) : 'none'
  const found = fixed === 'none' ? first : await run()
  await terminal.stdout.print(resultText(options, found, { context, terminal }))
  const hasError = found.some(({ severity }) => severity === 'error')
  return hasError || fixed === 'some' ? exitCode.failed : exitCode.done
}

function resultText(
  { report = false, json }: DoctorOptions,
  found: readonly DoctorCheckFinding[],
  { context: { node, project }, terminal: { stdout, home } }: { context: DoctorContext; terminal: Terminal },
): string {
  if (json) return `${formatSafeJson(formatDoctorFindingsAsJson(found), 2)}\n`
  if (!report) return renderDoctorFindings(found, { ...stdout, home })
  const system = `${process.platform} ${release()} ${process.arch}`
  const names = { userName: getLoginName(), hostName: hostname() }
  return renderIssueReport(found, { version, node, system, home, project, ...names })
}

/** Shows the name of a check of `doctor` until it is done; not in a pipe. */
function showProgress({ stderr }: Terminal, name: string): () => void {
  if (stderr.size() === undefined) return () => undefined
  void stderr.print(`checking ${name} ...`)
  return () => void stderr.print('\r\u001b[2K')
}

/** How many of the fixes that `doctor` ran succeeded; `none`: it ran none. */
type FixResult = 'all' | 'some' | 'none'

async function fix(
  options: DoctorOptions,
  found: readonly DoctorCheckFinding[],
  terminal: Terminal,
): Promise<FixResult> {
  const fixes = collectDoctorFixes(found)
  if (fixes.length === 0) return 'none'
  if (!options.yes && !(await isAgreed(found, fixes, terminal))) return 'none'
  const hasSucceeded = await runDoctorFixes(fixes, (line) => terminal.stderr.print(`${line}\n`))
  return hasSucceeded ? 'all' : 'some'
}

async function isAgreed(
  found: readonly DoctorCheckFinding[],
  fixes: readonly DoctorFix[],
  terminal: Terminal,
): Promise<boolean> {
  const { stderr } = terminal
  const lines = fixes.map((fix) => `  ${fix.mend}\n`).join('')
  await stderr.print(`${renderDoctorFindings(found, { ...stderr, home: terminal.home })}\n${lines}`)
  const question = `run ${formatCountWithNoun(fixes.length, 'command')}?`
  return askYesNo(terminal, question, 'subagent-mcp doctor --fix --yes does not ask', 'nothing was run')
}
