import { expect, test } from 'vitest'
import { inCheckout } from './checkout.mjs'
import { runSummary } from './run-summary.mjs'

const tags = [{ name: 'nats', description: 'no nats-server' }]
const rest = { tags, seconds: 191.6, command: 'npm test' }
const file = { name: inCheckout('packages/core/src/a.test.ts'), status: 'passed', assertionResults: [] }

test('says how many tests passed, failed and were skipped, why, and the next step', () => {
  const assertionResults = [
    { status: 'passed' },
    { status: 'skipped', tags: ['nats'] },
    { status: 'skipped', tags: ['nats'] },
    { status: 'skipped', tags: [] },
  ]
  const report = reportOf({ numPassedTests: 1, numPendingTests: 3 }, { ...file, assertionResults })
  expect(runSummary({ ...rest, report, failedSteps: [] })).toBe(`1 passed, 0 failed, 3 skipped, in 3 min 12 s
  2 skipped: no nats-server
  1 skipped: tests for another system, user or CLI than this one
next: npm run demo shows the product at work
`)
})

test.each([
  [['tests'], 'next: npx vitest run packages/core/src/a.test.ts runs the first file that failed alone'],
  [['lint', 'tests'], 'next: npx oxlint shows what the linter found'],
  [['format'], 'next: npm run format, then run the same command again'],
  [['checks'], 'next: node tooling/checks/dist/main.js shows what is wrong'],
])('names the failed steps %s and the next step', (failedSteps, next) => {
  const assertionResults = [{ status: 'failed' }]
  const report = reportOf({ numFailedTests: 1 }, { ...file, status: 'failed', assertionResults })
  const words = runSummary({ ...rest, report, failedSteps })
  expect(words).toContain(`failed: ${failedSteps.join(', ')}\n`)
  expect(words).toContain(`${next}\n`)
})

test('without a report it does not claim success', () => {
  const words = runSummary({ ...rest, report: undefined, failedSteps: ['tests'] })
  expect(words).toContain('vitest wrote no report')
  expect(words).toContain('next: read the error above, then run npm test again')
})

/**
 * @param {object} counts
 * @param {import('./count-tests.mjs').Report['testResults'][number]} result
 */
function reportOf(counts, result) {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  return { ...none, ...counts, testResults: [result] }
}
