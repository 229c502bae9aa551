import { relative } from 'node:path'
import { root } from './checkout.mjs'
import { countTests, skipReasons } from './count-tests.mjs'

/**
 * The last lines of a run: what passed, failed and was skipped and why, how long it took, and what to do next.
 * @param {object} run
 * @param {import('./count-tests.mjs').Report | undefined} run.report Undefined when vitest wrote none.
 * @param {readonly { name: string, description: string }[]} run.tags Why tests are skipped, by their tag.
 * @param {readonly string[]} run.failedSteps The names of the steps that failed: lint, format, checks, tests.
 * @param {number} run.seconds
 * @param {string} run.command The command that ran, as the user would type it again.
 * @returns {string}
 */
export function runSummary({ report, tags, failedSteps, seconds, command }) {
  const lines = report === undefined ? ['the tests ended without a report'] : testLines(report, tags, seconds)
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
  if (failedSteps.includes('format')) return 'npm run format, then the same command again'
  if (failedSteps.includes('lint')) return 'npx oxlint shows what the linter found'
  if (failedSteps.includes('checks')) return 'node tooling/checks/dist/main.js shows what is wrong'
  const file = report?.testResults.find(({ status }) => status === 'failed')?.name
  if (file !== undefined)
    return `npx vitest run ${relative(root, file)} runs the first file that failed alone`
  if (failedSteps.length > 0) return `${command}, and read what stands above`
  return 'npm run demo shows the product at work'
}
