/**
 * @typedef {object} Report The fields of vitest's JSON report that are read here.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly { name: string, status: string, assertionResults: readonly { status: string, tags?: readonly string[] }[] }[]} testResults
 */

/**
 * Counts the tests of a report. A file that failed outside of its tests, as at import, counts as one failed test.
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
 * Counts the skipped tests by reason. The reason is the description of the test's first tag in `tags`; tests without such
 * a tag were skipped by their own condition, such as the system or the user.
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
