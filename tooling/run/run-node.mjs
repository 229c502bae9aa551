import { inCheckout } from './checkout.mjs'
import { withoutSurprises } from './environment.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./environment.mjs').Environment} Environment */

/**
 * Runs a script of ours, its output shown.
 * @param {readonly string[]} args
 * @param {Environment} environment
 */
export async function runNode(args, environment) {
  const { code } = await runCommand({ command: process.execPath, args, environment })
  return code
}

/**
 * The same where nothing but loopback can be reached and nothing outlives the run, as far as this machine
 * lets us.
 * @param {readonly string[]} args
 * @param {Environment} environment
 */
export async function runNodeOffline(args, environment) {
  const { loopbackOnly } = await import('@subagent-mcp/testkit') // there once it is built
  const wrapped = loopbackOnly(process.execPath, args)
  if (wrapped.type === 'wrapped') return (await runCommand({ ...wrapped, environment })).code

  process.stderr.write(`not cut off from the network: ${wrapped.reason}\n`)
  return await runNode(args, environment)
}

/**
 * Runs the tests, offline.
 * @param {readonly string[]} args
 * @param {Record<string, string>} variables
 */
export async function runVitest(args, variables) {
  const line = [inCheckout('node_modules/vitest/vitest.mjs'), 'run', ...args]
  return await runNodeOffline(line, { ...withoutSurprises(process.env), ...variables })
}
