import { relative } from 'node:path'
import { checkoutRoot } from './checkout.mjs'
import { countTests, skipReasons } from './count-tests.mjs'

/**
 * Returns the last lines of a run: how many tests passed, failed and were skipped and why, the time, and the next step.
 * @param {object} run
 * @param {import('./count-tests.mjs').Report | undefined} run.report Undefined when vitest wrote no report.
 * @param {readonly { name: string, description: string }[]} run.tags Tags of skipped tests; the description is the reason.
 * @param {readonly string[]} run.failedSteps The names of the steps that failed: lint, format, checks, tests.
 * @param {number} run.seconds
 * @param {string} run.command The command that ran, as the user types it.
 * @returns {string}
 */
export function runSummary({ report, tags, failedSteps, seconds, command }) {
  const lines = report === undefined ? ['vitest wrote no report'] : testLines(report, tags, seconds)
  const failed = failedSteps.length === 0 ? [] : [`failed: ${failedSteps.join(', ')}`]
  return [...lines, ...failed, `next: ${nextStep(failedSteps, report, command)}`, ''].join('\n')
}

/**
 * @param {import('./count-tests.mjs').Report} report
 * @param {readonly { name: string, description: string }[]} tags
 * @param {number} seconds
 */
function testLines(report, tags, seconds) {
  const { passed, failed, skipped } = countTests(report)
  const whole = Math.round(seconds)
  const duration = `${Math.floor(whole / 60)} min ${whole % 60} s`
  return [
    `${passed} passed, ${failed} failed, ${skipped} skipped, in ${duration}`,
    ...skipReasons(report, tags).map(({ count, reason }) => `  ${count} skipped: ${reason}`),
  ]
}

/**
 * @param {readonly string[]} failedSteps
 * @param {import('./count-tests.mjs').Report | undefined} report
 * @param {string} command
 */
function nextStep(failedSteps, report, command) {
  if (failedSteps.includes('format')) return 'npm run format, then run the same command again'
  if (failedSteps.includes('lint')) return 'npx oxlint shows what the linter found'
  if (failedSteps.includes('checks')) return 'node tooling/checks/dist/main.js shows what is wrong'
  const file = report?.testResults.find(({ status }) => status === 'failed')?.name
  if (file !== undefined)
    return `npx vitest run ${relative(checkoutRoot, file)} runs the first file that failed alone`
  if (failedSteps.length > 0) return `read the error above, then run ${command} again`
  return 'npm run demo shows the product at work'
}
