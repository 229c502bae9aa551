/**
 * @typedef {object} Report What we read of vitest's JSON report.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly { status: string, assertionResults: readonly { status: string, tags?: readonly string[] }[] }[]} testResults
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
 * How many tests a report has that were left out because this is a desk: see `thorough` in testkit.
 * @param {Pick<Report, 'testResults'>} report
 */
export function countLeftOut({ testResults }) {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  return all.filter(({ status, tags }) => status === 'skipped' && tags?.includes('thorough')).length
}
