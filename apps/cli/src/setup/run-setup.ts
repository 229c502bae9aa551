import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { createUsageError } from '../command/create-usage-error.js'
import { runDoctorChecks, filterDoctorProblems, type DoctorContext } from '../doctor/run-doctor-checks.js'
import { doctorChecks } from '../doctor/all-doctor-checks.js'
import { readProviderClis } from '../doctor/provider-clis.js'
import { exitCode } from '../exit.js'
import { formatCountWithNoun } from '../terminal/format.js'
import { printJson, printLines, printResult, printWrapped } from '../terminal/print.js'
import type { Terminal } from '../terminal/terminal.js'
import { answerSetupQuestions } from './answer-setup-questions.js'
import { askSetupQuestions } from './ask-setup-questions.js'
import {
  suggestFirstPrompts,
  formatHostAndCliLines,
  joinHostsAndClis,
  formatNoHostFoundLines,
  type FoundHostOrCli,
} from './found-hosts-and-clis.js'
import type { SetupAnswerOptions } from './setup-questions.js'
import { formatFileDiffLines, formatInitDiffLines, formatSetupPlanLines } from './setup-lines.js'
import {
  formatOpenQuestionLines,
  createSetupJsonData,
  formatWrittenSetupLines,
  type PreparedSetup,
} from './setup-report.js'
import { writeSetupPlan, inspectForSetup, type WrittenSetup } from './setup-situation.js'

export type SetupRunOptions = SetupAnswerOptions & { dryRun: boolean; yes: boolean; json: boolean }

type SetupPlace = { context: DoctorContext; terminal: Terminal }

/**
 * Sets hosts up: in a conversation with the person at the terminal, otherwise by options. Writes after the last answer.
 * Returns the exit code. @throws SubagentError where a person would have to agree and there is none
 */
export async function runSetupCommand(
  wanted: SetupOptions,
  options: SetupRunOptions,
  place: SetupPlace,
): Promise<number> {
  const { context, terminal } = place
  const { drivers, environment, machine } = context
  const isAnyHost = wanted.hosts !== undefined || hosts.some((host) => host.isPresent(machine))
  if (isAnyHost && !options.yes && !options.dryRun && terminal.ask) {
    const agreed = await askSetupQuestions(wanted, options, place)
    if (typeof agreed === 'object') return writeAgreed(agreed, place)
    await terminal.stderr.print('nothing was written\n')
    return agreed === 'interrupted' ? exitCode.interrupted : exitCode.failed
  }
  const found = joinHostsAndClis(readProviderClis(drivers, environment), machine)
  if (!isAnyHost) return printNothingFound(found, options, terminal)
  const prepared = { found, ...(await answerSetupQuestions(inspectForSetup(wanted, terminal), options)) }
  return options.yes && !options.dryRun
    ? writeUnasked(prepared, options, terminal)
    : showPlan(prepared, options, terminal)
}

async function printNothingFound(
  found: readonly FoundHostOrCli[],
  { json }: SetupRunOptions,
  terminal: Terminal,
): Promise<number> {
  const data = { applied: false, found, hosts: [], files: [] }
  await printResult(terminal, json, { text: formatNoHostFoundLines(found).join('\n'), data })
  return exitCode.failed
}

/** Writes what the person agreed to, and prints what to try first. */
async function writeAgreed(prepared: PreparedSetup, { context, terminal }: SetupPlace): Promise<number> {
  const { stdout } = terminal
  await warnOfOnlyHere(prepared, terminal)
  const written = await write(prepared, terminal)
  const sentences = suggestFirstPrompts(prepared.plan.setup.hosts, prepared.found)
  await printWrapped(stdout, [
    ...formatWrittenSetupLines(prepared.plan, written, terminal),
    ...sentences.map((sentence) => stdout.paint('bold', sentence)),
    ...formatOpenQuestionLines(prepared, stdout.paint),
    ...(await firstTrouble(context)),
    undoLine,
  ])
  return isComplete(written) ? exitCode.done : exitCode.failed
}

const undoLine = 'subagent-mcp uninstall undoes everything'

/** Returns lines about the first problem that `doctor` finds after the setup: an error before a warning. */
async function firstTrouble(context: DoctorContext): Promise<string[]> {
  const findings = await runDoctorChecks(doctorChecks, context, () => () => undefined)
  const troubles = filterDoctorProblems(findings)
  const first = troubles.find(({ severity }) => severity === 'error') ?? troubles[0]
  if (first === undefined) return ['subagent-mcp doctor finds nothing wrong']
  return [`first to do, of subagent-mcp doctor: ${first.what}`, `  ${first.mend}`]
}

async function writeUnasked(
  prepared: PreparedSetup,
  { json }: SetupRunOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout } = terminal
  await warnOfOnlyHere(prepared, terminal)
  if (!json) await printLines(stdout, planLines(prepared, terminal))
  const written = await write(prepared, terminal)
  if (json) await printJson(terminal, createSetupJsonData(prepared, written))
  else
    await printLines(stdout, [
      ...formatWrittenSetupLines(prepared.plan, written, terminal),
      ...suggestFirstPrompts(prepared.plan.setup.hosts, prepared.found),
      `next: subagent-mcp doctor (checks that all of it works); ${undoLine}`,
    ])
  return isComplete(written) ? exitCode.done : exitCode.failed
}

/** Prints what setup would change. @throws SubagentError for changes without `--dry-run`, because no person is there to agree */
async function showPlan(
  prepared: PreparedSetup,
  { dryRun, json }: SetupRunOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout } = terminal
  const { setup, init } = prepared.plan
  await warnOfOnlyHere(prepared, terminal)
  if (json) await printJson(terminal, createSetupJsonData(prepared))
  else
    await printLines(stdout, [
      ...planLines(prepared, terminal),
      ...formatFileDiffLines(setup.files, stdout.paint),
      ...formatInitDiffLines(init?.files ?? [], stdout.paint),
    ])
  const number =
    setup.files.filter(({ type }) => type === 'write').length +
    (init?.files ?? []).filter(({ type }) => type === 'change').length
  if (!dryRun && number > 0) {
    const question = `write ${formatCountWithNoun(number, 'file')}? No person is at a terminal to answer`
    throw createUsageError(question, 'subagent-mcp setup --yes does not ask')
  }
  const isPossible = [...setup.files, ...(init?.files ?? [])].every(({ type }) => type !== 'refused')
  return isPossible ? exitCode.done : exitCode.failed
}

function planLines(prepared: PreparedSetup, terminal: Terminal): string[] {
  const { found, plan } = prepared
  const { stdout } = terminal
  return [
    ...formatHostAndCliLines(found, stdout),
    ...formatSetupPlanLines(plan.setup.files, terminal),
    ...formatOpenQuestionLines(prepared, stdout.paint),
  ]
}

async function write({ plan }: PreparedSetup, { stderr }: Terminal): Promise<WrittenSetup> {
  return writeSetupPlan(plan, () => stderr.print('asking codex whether it trusts our hooks ...\n'))
}

function isComplete({ setup, init }: WrittenSetup): boolean {
  return setup.isComplete && init.every(({ type }) => type !== 'refused')
}

async function warnOfOnlyHere(
  {
    plan: {
      setup: { files, wiring },
    },
  }: PreparedSetup,
  { stderr }: Terminal,
): Promise<void> {
  const isWritten = files.some(({ type }) => type === 'write')
  if (wiring.scope === 'project' && isAbsolute(wiring.server.command) && isWritten)
    await stderr.print(onlyHere)
}

const onlyHere =
  'these files of the project will name a path of this machine, because no registry is known to have this copy of subagent-mcp: it runs from a checkout or a tarball. Do not commit them.\n'
