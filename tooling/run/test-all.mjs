import { existsSync, readFileSync, rmSync } from 'node:fs'
import { runSummary } from './run-summary.mjs'
import { inCheckout } from './checkout.mjs'
import { withoutToolVariables } from './environment.mjs'
import { runVitest } from './run-node.mjs'
import { runSteps } from './step.mjs'

/**
 * Runs lint, format, checks and tests. One that fails does not stop the others, so that one run reports everything. Prints
 * a summary at the end.
 * @param {object} run
 * @param {readonly string[]} run.paths Folders of the checkout to lint, and to check for their format.
 * @param {readonly string[]} run.vitest Arguments of vitest.
 * @param {boolean} [run.checks] Whether the checks of the workspace run too. They need a build of all packages.
 * @param {Promise<void>} [run.fetched] Settles when what the tests need is there. Lint, format and checks run meanwhile.
 * @param {string} run.command The command that the user typed.
 * @returns {Promise<number>} The exit code.
 */
export async function testAll({ paths, vitest, command, fetched, checks = true }) {
  const { tags } = await import('../vitest-config/tags.mjs') // needs a built testkit
  rmSync(report, { force: true })
  const [checked] = await Promise.all([staticChecks(paths, checks), fetched])
  const codes = { ...checked, tests: await runVitest(vitest, {}) }
  const failedSteps = Object.entries(codes).flatMap(([name, code]) => (code === 0 ? [] : [name]))
  const seconds = performance.now() / 1000
  process.stderr.write(`\n${runSummary({ report: readReport(), tags, failedSteps, seconds, command })}`)
  return Object.values(codes).find((code) => code !== 0) ?? 0
}

/**
 * Runs lint, format and, with `checks`, the checks in parallel. Resolves to their exit codes by name.
 * @param {readonly string[]} paths
 * @param {boolean} checks
 */
async function staticChecks(paths, checks) {
  const environment = withoutToolVariables(process.env)
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
  const codes = await runSteps(commands)
  return Object.fromEntries(Object.keys(commands).map((name, index) => [name, codes[index] ?? 1]))
}

/** The path of the JSON report, as tooling/vitest-config sets it. */
const report = inCheckout('.tools/test-report.json')

/** @returns {import('./count-tests.mjs').Report | undefined} */
function readReport() {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined
}
