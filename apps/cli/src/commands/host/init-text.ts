import { unifiedDiff, type BlockChange, type BlockOutcome, type BlockPlan } from '@subagent-mcp/installer'
import { plainText } from '../../terminal/text.js'
import type { Terminal } from '../../terminal/terminal.js'

/** What is worth knowing beside the files, and how it is all told. */
export type Report = { notes: readonly string[]; json: boolean }

/** Prints what would change as a diff, on stdout; what stays as it is, and why, as talk. */
export async function showBlockPlans(
  plans: readonly BlockPlan[],
  { notes, json }: Report,
  terminal: Terminal,
): Promise<void> {
  const files = plans.map((plan) =>
    plan.type === 'change' ? { type: 'change', path: plan.path, diff: diffOf(plan) } : plan,
  )
  if (json) return print(terminal, { files, notes })
  const left = plans.flatMap((plan) => (plan.type === 'change' ? [] : [outcomeLine(plan)]))
  const diffs = plans.flatMap((plan) => (plan.type === 'change' ? [diffOf(plan)] : []))
  await terminal.stdout.print(plainText(diffs.join('')))
  await terminal.stderr.print(lines([...left, ...notes.map(noteLine)]))
}

/** Prints what became of each file, and what has to be done for it to take effect. */
export async function showBlockOutcomes(
  outcomes: readonly BlockOutcome[],
  { notes, json }: Report,
  terminal: Terminal,
): Promise<void> {
  if (json) return print(terminal, { files: outcomes, notes })
  await terminal.stdout.print(lines(outcomes.map(outcomeLine)))
  const isWritten = outcomes.some(({ type }) => type === 'written')
  await terminal.stderr.print(
    lines([...notes.map(noteLine), ...(isWritten ? ['hosts read it in their next session'] : [])]),
  )
}

function print({ stdout }: Terminal, value: unknown): Promise<void> {
  return stdout.print(`${JSON.stringify(value, undefined, 2)}\n`)
}

function diffOf({ file, after = '', path }: BlockChange): string {
  return unifiedDiff(file.type === 'text' ? file.text : undefined, after, path)
}

function outcomeLine(outcome: BlockOutcome): string {
  const { type, path } = outcome
  if (type === 'refused') return line(type, `${path}: ${outcome.why}`)
  if (type === 'covered')
    return line(type, `${path} ${outcome.how === 'link' ? 'is' : 'imports'} ${outcome.by}`)
  return line(type, path)
}

function line(word: string, text: string): string {
  return `${word.padEnd(10)} ${text}`
}

function noteLine(note: string): string {
  return line('note', note)
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${plainText(text)}\n`).join('')
}
