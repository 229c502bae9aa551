import { inCheckout, pnpmBinary } from './checkout.mjs'
import { isLocalRun, toolEnvironment, withoutToolVariables } from './environment.mjs'
import { runCommand } from './run-command.mjs'
import { runNode, runNodeOffline, runVitest } from './run-node.mjs'
import { runSteps } from './step.mjs'
import { testAll } from './test-all.mjs'

/** @typedef {(args: string[]) => Promise<number>} Task Resolves to the exit code. */

/** The task of each npm script, which runs after the workspace is built. */
export const scriptTasks = {
  /** @type {Task} */
  build: () => Promise.resolve(0),
  test,
  check: test,
  soak,
  bench,
  demo,
  media,
  docs,
  release,
  pnpm,
}

/**
 * Runs lint, format, checks and tests. The arguments go to vitest.
 * @type {Task}
 */
async function test(args) {
  return await testAll({
    paths: ['.'],
    fetched: isLocalRun ? Promise.resolve() : fetchAcpAgents(),
    vitest: args,
    command: ['npm test', ...(args.length > 0 ? ['--'] : []), ...args].join(' '),
  })
}

/** Downloads opencode and qwen, which only tests use. Where that fails, the tests on them are skipped. */
async function fetchAcpAgents() {
  const args = [inCheckout('e2e/acp-agents/install.mjs')]
  const environment = withoutToolVariables(process.env)
  await runSteps({ 'fetch opencode and qwen': { command: process.execPath, args, environment } })
}

/** @type {Task} */
async function soak(args) {
  await fetchAcpAgents()
  const packages = ['installer', 'journal', 'mailbox', 'worktree'].map((name) => `packages/${name}/`)
  const soakTests = ['e2e/src/', ...packages]
  const tests = await runVitest(args.length > 0 ? args : soakTests, { SOAK: '1', DOCUMENTS: '5000' })
  if (args.length > 0) return tests
  const load = await runNodeOffline(
    [inCheckout('bench/dist/main.js'), '--soak'],
    withoutToolVariables(process.env),
  )
  return tests || load
}

/** @type {Task} */
async function bench(args) {
  return await runNodeOffline([inCheckout('bench/dist/main.js'), ...args], withoutToolVariables(process.env))
}

/**
 * Plays the demo. `--live` runs the user's own CLIs, with the network and the user's whole environment.
 * @type {Task}
 */
async function demo(args) {
  const line = [inCheckout('e2e/dist/demo/main.js'), ...args]
  if (args.includes('--live')) return await runNode(line, process.env)
  return await runNodeOffline(line, withoutToolVariables(process.env))
}

/**
 * Records the pictures in docs/media that the arguments name, or all.
 * @type {Task}
 */
async function media(args) {
  return await runNodeOffline(
    [inCheckout('e2e/dist/media/main.js'), ...args],
    withoutToolVariables(process.env),
  )
}

/**
 * Builds the site of the docs into .tools/site/html. `--dev` serves it, `--base` is its path on a server.
 * @type {Task}
 */
async function docs(args) {
  return await runNode([inCheckout('tooling/site/dist/main.js'), ...args], withoutToolVariables(process.env))
}

/**
 * Runs a step of a release, with access to the network and the user's environment.
 * @type {Task}
 */
async function release(args) {
  return await runNode([inCheckout('tooling/release/dist/main.js'), ...args], process.env)
}

/**
 * Runs the pinned pnpm, for users without one.
 * @type {Task}
 */
async function pnpm(args) {
  const { code } = await runCommand({ command: pnpmBinary() ?? 'pnpm', args, environment: toolEnvironment() })
  return code
}
