import { inCheckout } from './checkout.mjs'
import { withoutToolVariables } from './environment.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./environment.mjs').Environment} Environment */

/**
 * Runs Node with these arguments and shows its output. Resolves to the exit code.
 * @param {readonly string[]} args
 * @param {Environment} environment
 */
export async function runNode(args, environment) {
  const { code } = await runCommand({ command: process.execPath, args, environment })
  return code
}

/**
 * Runs Node as `runNode` does, in namespaces in which only loopback is reachable and no process outlives the run. Where
 * the system does not allow namespaces, prints the reason and runs without.
 * @param {readonly string[]} args
 * @param {Environment} environment
 */
export async function runNodeOffline(args, environment) {
  const { loopbackOnly } = await import('@subagent-mcp/testkit') // exists after the build
  const wrapped = loopbackOnly(process.execPath, args)
  if (wrapped.type === 'wrapped') return (await runCommand({ ...wrapped, environment })).code

  process.stderr.write(`running with access to the network: ${wrapped.reason}\n`)
  return await runNode(args, environment)
}

/**
 * Runs vitest offline, with these variables added to the environment. Resolves to the exit code.
 * @param {readonly string[]} args
 * @param {Record<string, string>} variables
 */
export async function runVitest(args, variables) {
  const line = [inCheckout('node_modules/vitest/vitest.mjs'), 'run', ...args]
  return await runNodeOffline(line, { ...withoutToolVariables(process.env), ...variables })
}
