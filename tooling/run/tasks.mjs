import { existsSync, readFileSync, rmSync } from 'node:fs'
import { inCheckout, pnpmBinary } from './checkout.mjs'
import { countLeftOut } from './count-tests.mjs'
import { toolEnvironment, withoutSurprises } from './environment.mjs'
import { isDesk } from './is-desk.mjs'
import { runNode, runNodeOffline } from './run-node.mjs'
import { runCommand } from './run-command.mjs'
import { steps } from './step.mjs'

/** @typedef {(args: string[]) => Promise<number>} Task Resolves to the exit code. */

/** What each npm script does once the workspace is built. */
export const tasks = {
  /** @type {Task} */
  build: () => Promise.resolve(0),
  test,
  check: test,
  soak,
  bench,
  demo,
  pnpm,
}

/**
 * All of it, also when a part fails: one run tells everything. Arguments go to vitest.
 * @type {Task}
 */
async function test(args) {
  const environment = withoutSurprises(process.env)
  rmSync(report, { force: true })
  const codes = [
    ...(await steps({
      lint: { command: process.execPath, args: [eslint, '.'], environment },
      format: { command: process.execPath, args: [prettier, '--check', '.'], environment },
      checks: { command: process.execPath, args: [inCheckout('tooling/checks/dist/main.js')], environment },
    })),
    await vitest(args, {}),
  ]
  await tellSkipped()
  return codes.find((code) => code !== 0) ?? 0
}

/** Where tooling/vitest-config has vitest write it. */
const report = inCheckout('.tools/test-report.json')

/** A plain line for each reason for which tests that were asked for did not run. */
async function tellSkipped() {
  const { natsSkipped } = await import('@subagent-mcp/testkit') // there once it is built
  const leftOut = isDesk && existsSync(report) ? countLeftOut(JSON.parse(readFileSync(report, 'utf8'))) : 0
  const reasons = [
    natsSkipped(),
    leftOut > 0
      ? `${leftOut} long tests of what others show too, or on another CLI; CI=true npm test runs them`
      : undefined,
  ]
  for (const reason of reasons) if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
}

const eslint = inCheckout('node_modules/eslint/bin/eslint.js')
const prettier = inCheckout('node_modules/prettier/bin/prettier.cjs')

/** @type {Task} */
async function soak(args) {
  const tests = await vitest(['--project', 'e2e', '--project', 'journal', '--project', 'mailbox', ...args], {
    SOAK: '1',
  })
  if (args.length > 0) return tests
  const load = await runNodeOffline(
    [inCheckout('bench/dist/main.js'), '--soak'],
    withoutSurprises(process.env),
  )
  return tests || load
}

/** @type {Task} */
async function bench(args) {
  return await runNodeOffline([inCheckout('bench/dist/main.js'), ...args], withoutSurprises(process.env))
}

/**
 * `--live` runs the user's own claude, as the user would.
 * @type {Task}
 */
async function demo(args) {
  const line = [inCheckout('e2e/dist/demo/main.js'), ...args]
  if (args.includes('--live')) return await runNode(line, process.env)
  return await runNodeOffline(line, withoutSurprises(process.env))
}

/**
 * The pinned pnpm, for those who have none.
 * @type {Task}
 */
async function pnpm(args) {
  const { code } = await runCommand({ command: pnpmBinary() ?? 'pnpm', args, environment: toolEnvironment() })
  return code
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} extra
 */
async function vitest(args, extra) {
  const line = [inCheckout('node_modules/vitest/vitest.mjs'), 'run', ...args]
  return await runNodeOffline(line, { ...withoutSurprises(process.env), ...extra })
}
