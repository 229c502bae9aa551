import {
  hosts,
  unifiedDiff,
  type BlockChange,
  type BlockPlan,
  type FileChange,
  type PlanStep,
} from '@subagent-mcp/installer'
import { shortPath } from '../terminal/format.js'
import type { Paint, Tone } from '../terminal/paint.js'
import type { Terminal } from '../terminal/terminal.js'
import { safeText } from '../terminal/text.js'

/** A screen of lines, as it is painted, with `~` for the home folder. */
export type SetupReader = Pick<Terminal, 'home' | 'stdout'>

const ownFiles = { id: 'own', label: 'Settings of subagent-mcp', tested: true } as const

/** Describes the plan of setup, host by host, and what the user has to do by hand. */
export function setupPlanLines(planned: readonly PlanStep[], reader: SetupReader): string[] {
  const lines = [...hosts, ownFiles].flatMap(({ id, label, tested }) => {
    const own = planned.flatMap((item) => (hostOf(item) === id ? itemLines(item, reader) : []))
    const title = tested ? label : `${label} (as its documentation says; untested)`
    return own.length === 0 ? [] : [reader.stdout.paint('bold', title), ...own.map((line) => `  ${line}`)]
  })
  const isDone = planned.length > 0 && planned.every(({ type }) => type === 'unchanged')
  return isDone ? [...lines, 'everything is registered already: nothing to write'] : lines
}

/** Renders the lines of files that change. */
export function fileDiffLines(files: readonly PlanStep[], paint: Paint): string[] {
  return paintDiffs(
    files.flatMap((item) => (item.type === 'write' ? [item.diff] : [])),
    paint,
  )
}

/** Renders the lines of instruction files that change. */
export function initDiffLines(files: readonly BlockPlan[], paint: Paint): string[] {
  return paintDiffs(
    files.flatMap((change) => (change.type === 'change' ? [blockDiff(change)] : [])),
    paint,
  )
}

/** The change of an instruction file as a diff. */
export function blockDiff({ file, after = '', path }: BlockChange): string {
  return unifiedDiff(file.type === 'text' ? file.text : undefined, after, path)
}

function paintDiffs(diffs: readonly string[], paint: Paint): string[] {
  return diffs
    .flatMap((diff) => ['', ...safeText(diff).trimEnd().split('\n')])
    .map((line) => paint(toneOf(line), line))
}

function toneOf(line: string): Tone {
  if (/^(---|\+\+\+) /.test(line)) return 'bold'
  if (line.startsWith('+')) return 'green'
  if (line.startsWith('-')) return 'red'
  return line.startsWith('@@') ? 'dim' : 'plain'
}

function hostOf(item: PlanStep): FileChange['host'] | undefined {
  return item.type === 'write' ? item.changes[0]?.host : item.change.host
}

function itemLines(item: PlanStep, { home, stdout: { paint } }: SetupReader): string[] {
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
