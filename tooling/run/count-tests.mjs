/**
 * @typedef {object} Report What we read of vitest's JSON report.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly { name: string, status: string, assertionResults: readonly { status: string, tags?: readonly string[] }[] }[]} testResults
 */

/**
 * Sums a report. A file that failed as a whole, before or after its tests, counts as one failure.
 * @param {Report} report
 */
export function countTests(report) {
  const failedFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + failedFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * How many tests were skipped, by the first of their tags that is a reason for it. Tests without such a tag depend on the
 * system or the user, as their own condition says.
 * @param {Pick<Report, 'testResults'>} report
 * @param {readonly { name: string, description: string }[]} tags
 * @returns {{ count: number, reason: string }[]}
 */
export function skipReasons({ testResults }, tags) {
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
    .map((one) => tags.find(({ name }) => one.tags?.includes(name))?.description ?? otherReason)
  const reasons = [...tags.map(({ description }) => description), otherReason]
  return reasons
    .map((reason) => ({ reason, count: skipped.filter((one) => one === reason).length }))
    .filter(({ count }) => count > 0)
}

const otherReason = 'tests for another system, user or CLI than this one'
