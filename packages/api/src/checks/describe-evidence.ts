import { formatCountWithNoun } from '@subagent-mcp/contract'
import type { CheckEvidence, GateRunResult } from './check-schema.js'

/** Returns how a gate ended, as the end of a sentence, such as `failed with exit code 1`. */
export function describeGateRun({
  outcome,
  code,
  why,
}: Pick<GateRunResult, 'outcome' | 'code' | 'why'>): string {
  const reason = why === undefined ? '' : ` (${why})`
  if (outcome === 'passed') return 'passed'
  if (outcome === 'timed-out') return `was not done in time${reason}`
  if (outcome === 'not-run') return `was not run${reason}`
  return `failed${code === undefined ? '' : ` with exit code ${code}`}${reason}`
}

/** Describes in one line what a check of a result found, such as `npm test passed`. */
export function describeEvidence(one: CheckEvidence): string {
  switch (one.type) {
    case 'schema':
      return one.passed
        ? 'the answer matches the schema'
        : `the answer does not match the schema: ${one.problems.join('; ')}`
    case 'tree':
      return one.problem === undefined
        ? `${formatCountWithNoun(one.changed, 'file')} changed`
        : `changed files are not known: ${one.problem}`
    case 'gate':
      return `${one.command} ${describeGateRun(one)}`
    case 'files':
      return one.passed ? 'the changed files are those that were asked for' : filesProblem(one)
    case 'review':
      return reviewLine(one)
  }
}

function filesProblem({ outside, missed }: CheckEvidence & { type: 'files' }): string {
  return [
    ...(outside.length > 0 ? [`changed outside of accept.files.only: ${outside.join(', ')}`] : []),
    ...(missed.length > 0 ? [`nothing changed in ${missed.join(', ')} (accept.files.must)`] : []),
  ].join('; ')
}

function reviewLine({
  by = 'the reviewer',
  verdict,
  findings,
  problem,
}: CheckEvidence & { type: 'review' }): string {
  if (verdict === 'approve') return `${by} approves it`
  if (verdict === 'changes') return `${by} wants changes: ${formatCountWithNoun(findings.length, 'finding')}`
  return `no review: ${problem ?? 'it has no verdict'}`
}
