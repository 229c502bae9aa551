import { checks } from '../../doctor/checks.js'
import {
  fixesFor,
  runChecks,
  runFixes,
  type Check,
  type CheckFinding,
  type DoctorContext,
  type Fix,
} from '../../doctor/check.js'
import { findingsAsData, renderFindings } from '../../doctor/render-findings.js'
import { exitCode } from '../../exit.js'
import { agrees } from '../../terminal/agrees.js'
import { plural } from '../../terminal/amounts.js'
import type { Terminal } from '../../terminal/terminal.js'

/** How the problems are treated: fixed too, without asking, printed as JSON. */
export type VisitOptions = { fix: boolean; yes: boolean; json: boolean }

/** Runs all checks, the fixes that the user agrees to, then the checks again. Fails if an error is left, or a fix failed. */
export async function visit(
  options: VisitOptions,
  { context, terminal }: { context: DoctorContext; terminal: Terminal },
  all: readonly Check[] = checks,
): Promise<number> {
  const look = () => runChecks(all, context, (name) => showProgress(terminal, name))
  const first = await look()
  const mended = options.fix ? await mend(options, first, terminal) : 'none'
  const found = mended === 'none' ? first : await look()
  const { stdout } = terminal
  await stdout.print(
    options.json
      ? `${JSON.stringify(findingsAsData(found), undefined, 2)}\n`
      : renderFindings(found, stdout.paint),
  )
  const isSick = found.some(({ severity }) => severity === 'error')
  return isSick || mended === 'some' ? exitCode.failed : exitCode.done
}

/** A line that goes when the check is done; in a pipe nobody waits for it. */
function showProgress({ stderr }: Terminal, name: string): () => void {
  if (stderr.size() === undefined) return () => undefined
  void stderr.print(`looking at ${name} ...`)
  return () => void stderr.print('\r\u001b[2K')
}

/** What became of the fixes: `none` was run. */
type Mended = 'all' | 'some' | 'none'

async function mend(
  options: VisitOptions,
  found: readonly CheckFinding[],
  terminal: Terminal,
): Promise<Mended> {
  const fixes = fixesFor(found)
  if (fixes.length === 0) return 'none'
  if (!options.yes && !(await isAgreed(found, fixes, terminal))) {
    await terminal.stderr.print('nothing was run\n')
    return 'none'
  }
  const isWell = await runFixes(fixes, (line) => terminal.stderr.print(`${line}\n`))
  return isWell ? 'all' : 'some'
}

async function isAgreed(
  found: readonly CheckFinding[],
  fixes: readonly Fix[],
  terminal: Terminal,
): Promise<boolean> {
  const { stderr } = terminal
  const lines = fixes.map((fix) => `  ${fix.mend}\n`).join('')
  await stderr.print(`${renderFindings(found, stderr.paint)}\n${lines}`)
  const question = `run ${plural(fixes.length, 'command')}?`
  return agrees(terminal, question, 'subagent-mcp doctor --fix --yes does not ask')
}
