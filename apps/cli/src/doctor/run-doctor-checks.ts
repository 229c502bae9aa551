import { SubagentError, type Driver } from '@subagent-mcp/contract'
import type { HostMachine, HostSetup } from '@subagent-mcp/installer'

/** A check of `doctor`. It changes nothing. */
export type DoctorCheck = {
  /** The name of the check in one or two words, printed before each of its findings. */
  name: string
  /** Returns the findings of the check. An error that it throws becomes a finding, too. */
  run(context: DoctorContext): readonly DoctorFinding[] | Promise<readonly DoctorFinding[]>
}

/** A finding of a check, in one line for a user. `note`: something that is not set up, which is no problem. */
export type DoctorFinding = { severity: 'ok' | 'note'; what: string } | DoctorProblem

/** A problem that a check of `doctor` has found. Only an error keeps subagent-mcp from working. */
export type DoctorProblem = {
  severity: 'warning' | 'error'
  what: string
  mend: string
  /** Does what the command in `mend` does. Runs once for all problems with the same `mend`. @throws SubagentError */
  fix?: () => Promise<void>
}

/** The input of the checks of `doctor`: the machine, the environment and the drivers of CLIs. */
export type DoctorContext = {
  environment: NodeJS.ProcessEnv
  machine: HostMachine
  /** The command with which hosts start the MCP server. */
  server: HostSetup['server']
  drivers: ReadonlyMap<string, Driver>
  node: string
  /** The project in which the user runs doctor. */
  project: string
}

export function createOkFinding(what: string): DoctorFinding {
  return { severity: 'ok', what }
}

export function createNoteFinding(what: string): DoctorFinding {
  return { severity: 'note', what }
}

export type DoctorCheckFinding = DoctorFinding & { check: string }

export function filterDoctorProblems(
  found: readonly DoctorCheckFinding[],
): (DoctorProblem & { check: string })[] {
  return found.flatMap((finding) => ('mend' in finding ? [finding] : []))
}

/**
 * Runs checks one after another. `onCheck` is called before each check, because some block the process, and returns a function
 * that is called after it. A check that throws gets the error as its finding, and the others still run.
 */
export async function runDoctorChecks(
  checks: readonly DoctorCheck[],
  context: DoctorContext,
  onCheck: (name: string) => () => void,
): Promise<DoctorCheckFinding[]> {
  const found: DoctorCheckFinding[] = []
  for (const check of checks) {
    const done = onCheck(check.name)
    const findings = await findingsOf(check, context)
    done()
    found.push(...findings.map((finding) => ({ ...finding, check: check.name })))
  }
  return found
}

async function findingsOf(check: DoctorCheck, context: DoctorContext): Promise<readonly DoctorFinding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    const hint = error instanceof SubagentError ? error.hint : undefined
    const what = error instanceof Error ? error.message : String(error)
    const mend = hint ?? 'mend what it names, and run subagent-mcp doctor again'
    return [{ severity: 'error', what, mend }]
  }
}

/** The fix of a problem: the command for a user, and the function that does the same. */
export type DoctorFix = Required<Pick<DoctorProblem, 'mend' | 'fix'>>

export function collectDoctorFixes(found: readonly DoctorCheckFinding[]): DoctorFix[] {
  const fixes = new Map<string, DoctorFix>()
  for (const { mend, fix } of filterDoctorProblems(found))
    if (fix !== undefined) fixes.set(mend, { mend, fix })
  return [...fixes.values()]
}

/** Runs fixes one after another and returns whether all succeeded. A fix that fails is reported, and the others still run. */
export async function runDoctorFixes(
  fixes: readonly DoctorFix[],
  report: (line: string) => Promise<void>,
): Promise<boolean> {
  let haveSucceeded = true
  for (const { mend, fix } of fixes) {
    await report(`${mend} ...`)
    try {
      await fix()
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      haveSucceeded = false
      await report(`  failed: ${error.message}`)
    }
  }
  return haveSucceeded
}
