import { runCommand } from './run-command.mjs'

/**
 * Runs one step and prints a line with its duration. The step's own output is printed only when it fails. Everything goes
 * to stderr, because stdout belongs to the task. Resolves to the exit code.
 * @param {string} name
 * @param {Omit<import('./run-command.mjs').Command, 'quiet'>} command
 * @returns {Promise<number>}
 */
export async function runStep(name, command) {
  process.stderr.write(`${name} ... `)
  return await reportStep(command, '')
}

/**
 * Runs steps in parallel. The line of each is printed when it ends. Resolves to their exit codes, in order.
 * @param {Readonly<Record<string, Omit<import('./run-command.mjs').Command, 'quiet'>>>} steps
 * @returns {Promise<number[]>}
 */
export async function runSteps(steps) {
  return await Promise.all(
    Object.entries(steps).map(([name, command]) => reportStep(command, `${name} ... `)),
  )
}

/**
 * @param {Omit<import('./run-command.mjs').Command, 'quiet'>} command
 * @param {string} head
 */
async function reportStep(command, head) {
  const start = performance.now()
  const { code, output } = await runCommand({ ...command, quiet: true })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const result = code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n${output}\n`
  process.stderr.write(head + result)
  return code
}
