import { runCommand } from './run-command.mjs'

/**
 * Runs one step: a line with its duration, and what it printed only when it fails. All of it goes to
 * stderr, stdout belongs to the task. Resolves to the exit code.
 * @param {string} name
 * @param {Omit<import('./run-command.mjs').Command, 'quiet'>} command
 * @returns {Promise<number>}
 */
export async function step(name, command) {
  const start = performance.now()
  process.stderr.write(`${name} ... `)
  const { code, output } = await runCommand({ ...command, quiet: true })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stderr.write(code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n${output}\n`)
  return code
}
