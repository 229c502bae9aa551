import type { CheckEvidence, GateEvidence } from '@subagent-mcp/api'
import { fencedData, shownDiff } from '../changes/collect-changes.js'

/** What failed in the checks of a result, in one line for callers; `undefined` if all passed. */
export function problemText(evidence: readonly CheckEvidence[]): string | undefined {
  const problems = evidence.flatMap(problemOf)
  return problems.length > 0 ? problems.join('; ') : undefined
}

function problemOf(one: CheckEvidence): readonly string[] {
  if (one.passed) return []
  switch (one.type) {
    case 'gate':
      return [`${one.command} ${gateEnd(one)}`]
    case 'files':
      return [
        ...(one.outside.length > 0 ? [`changed outside of accept.files.only: ${one.outside.join(', ')}`] : []),
        ...(one.missed.length > 0 ? [`nothing changed in ${one.missed.join(', ')} (accept.files.must)`] : []),
      ]
    case 'review':
      return one.verdict === 'changes' ? [`${one.by ?? 'the reviewer'} wants changes: ${one.findings.length}`] : []
    default:
      return []
  }
}

/** How a gate ended, as the end of a sentence. */
export function gateEnd({ outcome, code, why }: Pick<GateEvidence, 'outcome' | 'code' | 'why'>): string {
  const reason = why === undefined ? '' : ` (${why})`
  if (outcome === 'passed') return 'passed'
  if (outcome === 'timed-out') return `was not done in time${reason}`
  if (outcome === 'not-run') return `was not run${reason}`
  return `failed${code === undefined ? '' : ` with exit code ${code}`}${reason}`
}

/** The prompt of the turn in which an agent repairs its result: what failed, with the end of each output, marked as data. */
export function feedbackText(evidence: readonly CheckEvidence[]): string {
  return [
    'Your result was checked, and it is not accepted yet. Correct the work, not the check, then say what you changed.',
    ...evidence.flatMap((one) => (one.passed ? [] : feedbackOn(one))),
  ].join('\n\n')
}

function feedbackOn(one: CheckEvidence): readonly string[] {
  const [problem] = problemOf(one)
  if (problem === undefined) return []
  if (one.type === 'gate') {
    const head = `- The command ${problem}.`
    if (one.output === '') return [`${head} It printed nothing.`]
    return [fencedData({ name: 'output', title: `${head} The end of its output follows`, lines: one.output.split('\n') })]
  }
  if (one.type !== 'review') return problemOf(one).map((text) => `- ${text}`)
  const lines = one.findings.map(({ file, line, severity, title, why }) => `${file}:${line} ${severity}: ${title}. ${why}`)
  return [fencedData({ name: 'findings', title: `- A reviewer wants changes`, lines })]
}

/** The prompt of a reviewer: the task, what the gates said, and the diff, each marked as data. */
export function reviewPrompt(work: {
  task: string
  diff: string
  folder: string
  evidence: readonly CheckEvidence[]
}): string {
  const gates = work.evidence.filter((one) => one.type === 'gate')
  const lines = gates.map((gate) => `${gate.command}: ${gateEnd(gate)}; before the work it ${gateEnd(gate.base)}`)
  return [
    'Review the work that another agent did for a task. Its folder is yours; you change nothing.',
    fencedData({ name: 'task', title: 'The task', lines: work.task.split('\n') }),
    ...(lines.length > 0 ? [fencedData({ name: 'gates', title: 'Commands that ran on the result', lines })] : []),
    shownDiff({ title: 'The changes', diff: work.diff, folder: work.folder }),
  ].join('\n\n')
}
