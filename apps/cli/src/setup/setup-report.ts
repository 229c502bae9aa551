import type {
  BlockOutcome,
  BlockPlan,
  CodexTrustAnswer,
  FileChange,
  FilePlanStep,
  SetupPlan,
  SetupResult,
} from '@subagent-mcp/installer'
import { formatShortPath } from '../terminal/format.js'
import type { TextPaint } from '../terminal/paint.js'
import { escapeForTerminal } from '../terminal/text.js'
import type { AnsweredSetup } from './answer-setup-questions.js'
import { suggestFirstPrompts, type FoundHostOrCli } from './found-hosts-and-clis.js'
import { formatInstructionFileDiff, type SetupScreenStyle } from './setup-lines.js'
import type { SetupFilePlan, WrittenSetup } from './setup-situation.js'

/** A setup before it writes: the hosts and CLIs of the machine, and the questions of setup with their answers. */
export type PreparedSetup = AnsweredSetup & { found: readonly FoundHostOrCli[] }

/** Describes what a setup has written, and what makes it take effect. */
export function formatWrittenSetupLines(
  plan: SetupFilePlan,
  { setup, init }: WrittenSetup,
  reader: SetupScreenStyle,
): string[] {
  return [...setupSummaryLines(plan.setup, setup, reader), ...initOutcomeLines(init, reader)]
}

/** Describes the outcome of setup for the files of hosts and settings, and what makes it take effect. */
function setupSummaryLines(
  { hosts: planned, files }: SetupPlan,
  { written, codex }: SetupResult,
  { home, stdout: { paint } }: SetupScreenStyle,
): string[] {
  const failed = [...written].flatMap(([path, wrote]) =>
    wrote.type === 'failed'
      ? [paint('red', `${formatShortPath(path, home)} was not written: ${wrote.why}`)]
      : [],
  )
  const number = written.size - failed.length
  const touched = planned.filter(({ id }) => files.some((item) => isWriteFor(item, id)))
  const restarts = [
    ...touched.map(({ label, restart }) => `  ${label}: ${restart}`),
    ...(files.some((item) => isWriteFor(item, 'own')) ? ['  settings: subagent-mcp daemon restart'] : []),
  ]
  const summary = `wrote ${number} of ${written.size} files; backups of the old ones are kept`
  return [
    '',
    ...failed,
    ...(number > 0 ? [paint('green', summary)] : []),
    ...codexLines(codex),
    ...(number > 0 ? ['for it to take effect:', ...restarts] : []),
  ]
}

function isWriteFor(item: FilePlanStep, host: FileChange['host']): boolean {
  return item.type === 'write' && item.changes.some((change) => change.host === host)
}

function codexLines(verdict: CodexTrustAnswer | undefined): string[] {
  switch (verdict?.type) {
    case 'untrusted':
      return ['Codex does not trust our hooks yet: run /hooks in it']
    case 'unlisted':
      return ['Codex does not read our hooks here: it reads those of a project once the project is trusted']
    case 'unknown':
      return [`Codex could not be asked whether it trusts our hooks: ${verdict.why}`]
    default:
      return []
  }
}

/** Describes the outcome of `init` for each instruction file. */
function initOutcomeLines(
  files: readonly BlockOutcome[],
  { home }: Pick<SetupScreenStyle, 'home'>,
): string[] {
  return files.flatMap((file) => {
    if (file.type === 'refused')
      return [`${formatShortPath(file.path, home)} was not written: ${escapeForTerminal(file.why)}`]
    return file.type === 'written' ? [`wrote ${formatShortPath(file.path, home)}: when to delegate`] : []
  })
}

/** Lists the questions that nobody was asked, each with the options that answer it, and options without an effect here. */
export function formatOpenQuestionLines({ steps, view }: PreparedSetup, paint: TextPaint): string[] {
  return steps.flatMap(({ step, how }) => {
    if (how === 'open') return [paint('dim', `left open: ${step.question(view)} ${step.flags}`)]
    return how === 'ignored' ? [paint('yellow', `nothing to do here for ${step.flags}`)] : []
  })
}

/** Returns the data that `setup --json` prints; without `written` nothing was written. */
export function createSetupJsonData(
  { found, steps, plan: { setup, init } }: PreparedSetup,
  written?: WrittenSetup,
): object {
  return {
    applied: written !== undefined,
    scope: setup.wiring.scope,
    server: setup.wiring.server,
    found,
    hosts: setup.hosts.map(({ id, label, tested, restart }) => ({ id, label, tested, restart })),
    files: setup.files.map((item) => fileData(item, written?.setup)),
    questions: steps.map(({ step: { id, flags }, ...answered }) => ({ id, flags, ...answered })),
    ...(init && { init: (written?.init ?? init.files).map(createInitFileJsonData) }),
    ...(written?.setup.codex && { codexHooks: written.setup.codex }),
    try: suggestFirstPrompts(setup.hosts, found),
  }
}

/** Returns what `--json` prints of an instruction file: for a planned change its diff. */
export function createInitFileJsonData(file: BlockPlan | BlockOutcome): object {
  return file.type === 'change'
    ? { type: 'change', path: file.path, diff: formatInstructionFileDiff(file) }
    : file
}

function fileData(item: FilePlanStep, result: SetupResult | undefined): object {
  if (item.type === 'write') {
    const { path, diff, changes } = item
    const what = changes.map(({ host, what }) => ({ host, what }))
    return { path, ...(result?.written.get(path) ?? { type: 'planned' }), what, diff }
  }
  const { host, what, path, snippet } = item.change
  const named = { path, type: item.type, what: [{ host, what }] }
  return item.type === 'refused' ? { ...named, why: item.why, snippet } : named
}
