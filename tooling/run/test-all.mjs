import { existsSync, readFileSync, rmSync } from 'node:fs'
import { runSummary } from './run-summary.mjs'
import { inCheckout } from './checkout.mjs'
import { withoutSurprises } from './environment.mjs'
import { runVitest } from './run-node.mjs'
import { steps } from './step.mjs'

/**
 * Lint, format, checks and tests, all of them also when one fails: one run tells everything. Closes with what happened.
 * @param {object} run
 * @param {readonly string[]} run.paths What is linted and formatted, in the checkout.
 * @param {readonly string[]} run.vitest Arguments of vitest.
 * @param {boolean} [run.checks] Whether the checks of the whole workspace run too: they need a build of all of it.
 * @param {string} run.command What the user typed.
 * @returns {Promise<number>} The exit code.
 */
export async function testAll({ paths, vitest, command, checks = true }) {
  const { tags } = await import('../vitest-config/tags.mjs') // there once testkit is built
  rmSync(report, { force: true })
  const codes = { ...(await staticChecks(paths, checks)), tests: await runVitest(vitest, {}) }
  const failedSteps = Object.entries(codes).flatMap(([name, code]) => (code === 0 ? [] : [name]))
  const seconds = performance.now() / 1000
  process.stderr.write(`\n${runSummary({ report: readReport(), tags, failedSteps, seconds, command })}`)
  return Object.values(codes).find((code) => code !== 0) ?? 0
}

/**
 * Their exit codes by name.
 * @param {readonly string[]} paths
 * @param {boolean} checks
 */
async function staticChecks(paths, checks) {
  const environment = withoutSurprises(process.env)
  const node = (/** @type {readonly string[]} */ ...args) => ({
    command: process.execPath,
    args,
    environment,
  })
  const commands = {
    lint: node(inCheckout('node_modules/oxlint/bin/oxlint'), ...paths),
    format: node(inCheckout('node_modules/oxfmt/bin/oxfmt'), '--check', ...paths),
    ...(checks && { checks: node(inCheckout('tooling/checks/dist/main.js')) }),
  }
  const codes = await steps(commands)
  return Object.fromEntries(Object.keys(commands).map((name, index) => [name, codes[index] ?? 1]))
}

/** Where tooling/vitest-config has vitest write it. */
const report = inCheckout('.tools/test-report.json')

/** @returns {import('./count-tests.mjs').Report | undefined} */
function readReport() {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined
}
