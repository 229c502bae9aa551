import {
  hosts,
  type CodexVerdict,
  type FilePlan,
  type HostId,
  type PlanStep,
  type SetupPlan,
  type SetupResult,
} from '@subagent-mcp/installer'
import { shortPath } from '../../terminal/format.js'
import type { Paint, Tone } from '../../terminal/paint.js'
import type { Terminal } from '../../terminal/terminal.js'
import { safeText } from '../../terminal/text.js'

type Reader = Pick<Terminal, 'home' | 'stdout'>

/** Describes the plan of setup, host by host, and what the user has to do by hand. */
export function setupPlanLines(planned: readonly PlanStep[], reader: Reader): string[] {
  const lines = hosts.flatMap(({ id, label, tested }) => {
    const own = planned.flatMap((item) => (hostOf(item) === id ? itemLines(item, reader) : []))
    const title = tested ? label : `${label} (as its documentation says; untested)`
    return own.length === 0 ? [] : [reader.stdout.paint('bold', title), ...own.map((line) => `  ${line}`)]
  })
  const isDone = planned.length > 0 && planned.every(({ type }) => type === 'unchanged')
  return isDone ? [...lines, 'everything is registered already: nothing to write'] : lines
}

/** Renders the lines of files that change. */
export function fileDiffLines(files: readonly FilePlan[], paint: Paint): string[] {
  return files
    .flatMap(({ diff }) => ['', ...safeText(diff).trimEnd().split('\n')])
    .map((line) => paint(toneOf(line), line))
}

function toneOf(line: string): Tone {
  if (/^(---|\+\+\+) /.test(line)) return 'bold'
  if (line.startsWith('+')) return 'green'
  if (line.startsWith('-')) return 'red'
  return line.startsWith('@@') ? 'dim' : 'plain'
}

function hostOf(item: PlanStep): string | undefined {
  return item.type === 'write' ? item.changes[0]?.host : item.change.host
}

function itemLines(item: PlanStep, { home, stdout: { paint } }: Reader): string[] {
  if (item.type === 'write') {
    const what = item.changes.map((change) => change.what).join('; ')
    return [`${shortPath(item.path, home)}: ${what}`]
  }
  const { path, what, snippet } = item.change
  const place = `${shortPath(path, home)}: ${what}`
  if (item.type === 'unchanged') return [paint('dim', `${place}: there already`)]
  const refused = paint('red', `${place}: not possible: ${safeText(item.why)}`)
  // A change that removes something has no snippet.
  if (snippet === '') return [refused]
  const lines = snippet.trimEnd().split('\n')
  return [refused, 'add this by hand:', ...lines.map((line) => `  ${line}`)]
}

/** Describes the outcome of setup and the next step. */
export function setupSummaryLines(
  { hosts: planned, files, wakesCodex }: SetupPlan,
  { written, codex }: SetupResult,
  { home, stdout: { paint } }: Reader,
): string[] {
  const failed = [...written].flatMap(([path, wrote]) =>
    wrote.type === 'failed' ? [paint('red', `${shortPath(path, home)} was not written: ${wrote.why}`)] : [],
  )
  const number = written.size - failed.length
  const touched = planned.filter(({ id }) => files.some((item) => isWriteFor(item, id)))
  const restarts = [
    ...touched.map(({ label, restart }) => `  ${label}: ${restart}`),
    ...(wakesCodex ? ['  idle sessions of Codex: subagent-mcp daemon restart'] : []),
  ]
  const summary = `wrote ${number} of ${written.size} files; backups of the old ones are kept`
  return [
    '',
    ...failed,
    ...(number > 0 ? [paint('green', summary)] : []),
    ...codexLines(codex),
    ...(number > 0 ? ['for it to take effect:', ...restarts] : []),
    'next: subagent-mcp doctor (checks that all of it works); subagent-mcp uninstall undoes everything',
  ]
}

function isWriteFor(item: PlanStep, host: HostId): boolean {
  return item.type === 'write' && item.changes.some((change) => change.host === host)
}

function codexLines(verdict: CodexVerdict | undefined): string[] {
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

/** The question that setup asks at a terminal about Codex, while `config.jsonc` has no answer. */
export const wakeQuestion =
  'wake an idle Codex session when its agent has finished or asks? Codex shows the message as yours.'

/** Says where setup did not ask that sessions of Codex are not woken. */
export function wakeLines(config: string, { home, stdout: { paint } }: Reader): string[] {
  const how = `setup asks at a terminal without --yes, or set wake.codex in ${shortPath(config, home)}`
  return [paint('dim', `Codex: idle sessions are not woken when an agent has finished: ${how}`)]
}

/** Returns the plan of setup and its outcome for `--json`; without `result` nothing was written. */
export function setupJsonData(
  { hosts: planned, wiring, files }: SetupPlan,
  { result, openQuestion }: { result?: SetupResult; openQuestion: string | undefined },
): object {
  const question = { host: 'codex', setting: 'wake.codex', path: openQuestion, question: wakeQuestion }
  return {
    applied: result !== undefined,
    scope: wiring.scope,
    server: wiring.server,
    hosts: planned.map(({ id, label, tested, restart }) => ({ id, label, tested, restart })),
    files: files.map((item) => fileData(item, result)),
    ...(openQuestion !== undefined && { questions: [question] }),
    ...(result?.codex && { codexHooks: result.codex }),
  }
}

function fileData(item: PlanStep, result: SetupResult | undefined): object {
  if (item.type === 'write') {
    const { path, diff, changes } = item
    const what = changes.map(({ host, what }) => ({ host, what }))
    return { path, ...(result?.written.get(path) ?? { type: 'planned' }), what, diff }
  }
  const { host, what, path, snippet } = item.change
  const named = { path, type: item.type, what: [{ host, what }] }
  return item.type === 'refused' ? { ...named, why: item.why, snippet } : named
}
