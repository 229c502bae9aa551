import {
  hosts,
  createUnifiedDiff,
  type BlockChange,
  type BlockPlan,
  type FileChange,
  type FilePlanStep,
} from '@subagent-mcp/installer'
import { formatShortPath } from '../terminal/format.js'
import type { TextPaint, TextTone } from '../terminal/paint.js'
import type { TextOutput } from '../terminal/terminal.js'
import { escapeForTerminal } from '../terminal/text.js'

/** How lines of setup are shown: the colours of the terminal, and the home folder that `~` stands for. */
export type SetupScreenStyle = { home: string; stdout: Pick<TextOutput, 'paint'> }

const ownFiles = { id: 'own', label: 'Settings of subagent-mcp', tested: true } as const

/** Describes the plan of setup, host by host, and what the user has to do by hand. */
export function formatSetupPlanLines(planned: readonly FilePlanStep[], reader: SetupScreenStyle): string[] {
  const lines = [...hosts, ownFiles].flatMap(({ id, label, tested }) => {
    const own = planned.flatMap((item) => (hostOf(item) === id ? itemLines(item, reader) : []))
    const title = tested ? label : `${label} (as its documentation says; untested)`
    return own.length === 0 ? [] : [reader.stdout.paint('bold', title), ...own.map((line) => `  ${line}`)]
  })
  const isDone = planned.length > 0 && planned.every(({ type }) => type === 'unchanged')
  return isDone ? [...lines, 'everything is registered already: nothing to write'] : lines
}

export function formatFileDiffLines(files: readonly FilePlanStep[], paint: TextPaint): string[] {
  return paintDiffs(
    files.flatMap((item) => (item.type === 'write' ? [item.diff] : [])),
    paint,
  )
}

export function formatInitDiffLines(files: readonly BlockPlan[], paint: TextPaint): string[] {
  return paintDiffs(
    files.flatMap((change) => (change.type === 'change' ? [formatInstructionFileDiff(change)] : [])),
    paint,
  )
}

/** Returns the change of an instruction file, such as AGENTS.md, as a diff. */
export function formatInstructionFileDiff({ file, after = '', path }: BlockChange): string {
  return createUnifiedDiff(file.type === 'text' ? file.text : undefined, after, path)
}

function paintDiffs(diffs: readonly string[], paint: TextPaint): string[] {
  return diffs
    .flatMap((diff) => ['', ...escapeForTerminal(diff).trimEnd().split('\n')])
    .map((line) => paint(toneOf(line), line))
}

function toneOf(line: string): TextTone {
  if (/^(---|\+\+\+) /.test(line)) return 'bold'
  if (line.startsWith('+')) return 'green'
  if (line.startsWith('-')) return 'red'
  return line.startsWith('@@') ? 'dim' : 'plain'
}

function hostOf(item: FilePlanStep): FileChange['host'] | undefined {
  return item.type === 'write' ? item.changes[0]?.host : item.change.host
}

function itemLines(item: FilePlanStep, { home, stdout: { paint } }: SetupScreenStyle): string[] {
  if (item.type === 'write') {
    const what = item.changes.map((change) => change.what).join('; ')
    return [`${formatShortPath(item.path, home)}: ${what}`]
  }
  const { path, what, snippet } = item.change
  const place = `${formatShortPath(path, home)}: ${what}`
  if (item.type === 'unchanged') return [paint('dim', `${place}: there already`)]
  const refused = paint('red', `${place}: not possible: ${escapeForTerminal(item.why)}`)
  // A change that only removes text has no lines to add by hand.
  if (snippet === '') return [refused]
  const lines = snippet.trimEnd().split('\n')
  return [refused, 'add this by hand:', ...lines.map((line) => `  ${line}`)]
}
