import type { BlockChange, BlockOutcome, BlockPlan } from '@subagent-mcp/installer'
import { instructionFileDiff } from '../../setup/setup-lines.js'
import { initFileData } from '../../setup/setup-report.js'
import { printJson, printLines } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { safeText } from '../../terminal/text.js'

/** Prints planned changes of files as diffs, or the outcome for each file, and notes on stderr. */
export async function printInitBlocks(
  files: readonly (BlockPlan | BlockOutcome)[],
  { notes, dryRun, json }: { notes: readonly string[]; dryRun: boolean; json: boolean },
  terminal: Terminal,
): Promise<void> {
  const { stdout, stderr } = terminal
  if (json) return void (await printJson(terminal, { files: files.map(initFileData), notes }))
  const diffs = files.flatMap((file) => (file.type === 'change' ? [instructionFileDiff(file)] : []))
  await stdout.print(safeText(diffs.join('')))
  const lines = files.flatMap((file) => (file.type === 'change' ? [] : [outcomeLine(file)]))
  await printLines(dryRun ? stderr : stdout, lines)
  const isWritten = files.some(({ type }) => type === 'written')
  await printLines(stderr, [
    ...notes.map((note) => line('note', note)),
    ...(isWritten ? ['hosts read it in their next session'] : []),
  ])
}

function outcomeLine(outcome: Exclude<BlockPlan | BlockOutcome, BlockChange>): string {
  const { type, path } = outcome
  if (type === 'refused') return line(type, `${path}: ${outcome.why}`)
  if (type === 'covered')
    return line(type, `${path} ${outcome.how === 'link' ? 'is' : 'imports'} ${outcome.by}`)
  return line(type, path)
}

function line(word: string, text: string): string {
  return safeText(`${word.padEnd(10)} ${text}`)
}
