import type { CheckEvidence, GateEvidence, ResultGrade, GitTreeEvidence } from '@subagent-mcp/api'

/** The grade of a result, and the reasons against a better grade; empty if all requested checks passed. */
export type GradedResult = { grade: ResultGrade; why: readonly string[] }

/**
 * Derives the grade of a result from the evidence of its checks. A failed check rejects it. Without a change, with a changed gate
 * file, or after a gate that changed files it is only claimed. A gate or review counts for the tree on which it ran, and only if
 * that is the delivered one.
 */
export function gradeResult(evidence: readonly CheckEvidence[]): GradedResult {
  if (evidence.some((one) => !one.passed && one.type !== 'review')) return { grade: 'rejected', why: [] }
  const review = evidence.find((one) => one.type === 'review')
  if (review?.verdict === 'changes') return { grade: 'rejected', why: [] }
  const tree = evidence.find((one) => one.type === 'tree')
  const gates = evidence.filter((one) => one.type === 'gate')
  const onlyClaimed = tree ? claimReasons(tree, gates) : []
  if (onlyClaimed.length > 0) return { grade: 'claimed', why: onlyClaimed }
  const isChecked = evidence.some(({ type }) => type === 'files' || type === 'schema' || type === 'gate')
  const base = isChecked ? 'checked' : 'claimed'
  const unreviewed = review && !review.passed ? [`no review: ${review.problem ?? 'it has no verdict'}`] : []
  if (tree?.tree === undefined) {
    const unknown = tree ? [`the files are not known: ${tree.problem ?? 'no reason'}`] : []
    return { grade: base, why: [...unknown, ...unreviewed] }
  }
  const counts = (one: { tree?: string }): boolean => one.tree === tree.tree
  const stale = gates.filter((gate) => !counts(gate)).map(({ command }) => `${command} ran on other files`)
  if (stale.length > 0) return { grade: base, why: [...stale, ...unreviewed] }
  if (review?.passed && counts(review)) return { grade: 'reviewed', why: [] }
  return { grade: gates.length > 0 ? 'verified' : base, why: unreviewed }
}

/** The reasons for which a result counts as claimed, although its checks passed. */
function claimReasons(
  { tree, changed, gateFiles }: GitTreeEvidence,
  gates: readonly GateEvidence[],
): string[] {
  const altering = gates.filter(({ altered }) => altered.length > 0)
  return [
    ...(tree !== undefined && changed === 0 ? ['no file was changed'] : []),
    ...(gates.length > 0 && gateFiles.length > 0
      ? [`it changed what the gates check: ${gateFiles.join(', ')}`]
      : []),
    ...altering.map(({ command, altered }) => `${command} changed files: ${altered.join(', ')}`),
  ]
}

/**
 * Returns the grade of a result that was merged with files which changed after its check. Commands and review do not count for the
 * merged files until they ran there.
 */
export function gradeMergedResult(evidence: readonly CheckEvidence[]): GradedResult {
  const { grade } = gradeResult(
    evidence.map((one) => (one.type === 'tree' ? { ...one, tree: 'merged' } : one)),
  )
  const why = 'it was merged with files that changed after the check: run its commands in your checkout'
  return { grade, why: [why] }
}
