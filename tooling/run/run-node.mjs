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
