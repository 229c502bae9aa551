import { describeEvidence, describeGateRun, type CheckEvidence } from '@subagent-mcp/api'
import { quoteUntrustedText, quoteDiffForPrompt } from '../changes/collect-changes.js'

/** Returns what failed in the checks of a result, in one line for callers; `undefined` if all passed. */
export function describeFailedChecks(evidence: readonly CheckEvidence[]): string | undefined {
  const failed = evidence.filter(isFailure)
  return failed.length > 0 ? failed.map(describeEvidence).join('; ') : undefined
}

/** Whether the checks of a result have failed. A review that did not take place only lowers the grade, because the agent has nothing to repair. */
function isFailure(one: CheckEvidence): boolean {
  return !one.passed && (one.type !== 'review' || one.verdict === 'changes')
}

/** The prompt of the turn in which an agent repairs its result: what failed, with the end of each output, marked as data. */
export function writeRepairPrompt(evidence: readonly CheckEvidence[]): string {
  return [
    'Your result was checked, and it is not accepted yet. Correct the work, not the check, then say what you changed.',
    ...evidence.filter(isFailure).map(feedbackOn),
  ].join('\n\n')
}

function feedbackOn(one: CheckEvidence): string {
  const head = `- ${describeEvidence(one)}`
  if (one.type === 'gate') {
    if (one.output === '') return `${head}. It printed nothing.`
    return quoteUntrustedText({
      name: 'output',
      title: `${head}. The end of its output follows`,
      lines: one.output.split('\n'),
    })
  }
  if (one.type !== 'review') return head
  const lines = one.findings.map(
    ({ file, line, severity, title, why }) => `${file}:${line} ${severity}: ${title}. ${why}`,
  )
  return quoteUntrustedText({ name: 'findings', title: head, lines })
}

/** The prompt of a reviewer: the task, what the gates said, and the diff, each marked as data. */
export function writeReviewerPrompt(work: {
  task: string
  diff: string
  folder: string
  evidence: readonly CheckEvidence[]
}): string {
  const gates = work.evidence.filter((one) => one.type === 'gate')
  const lines = gates.map(
    (gate) => `${gate.command}: ${describeGateRun(gate)}; before the work it ${describeGateRun(gate.base)}`,
  )
  return [
    'Review the work that another agent did for a task. Its folder is yours; you change nothing.',
    quoteUntrustedText({ name: 'task', title: 'The task', lines: work.task.split('\n') }),
    ...(lines.length > 0
      ? [quoteUntrustedText({ name: 'gates', title: 'Commands that ran on the result', lines })]
      : []),
    quoteDiffForPrompt({ title: 'The changes', diff: work.diff, folder: work.folder }),
  ].join('\n\n')
}
