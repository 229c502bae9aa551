import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { checkoutRoot } from './checkout.mjs'

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string | undefined>} environment
 * @property {boolean} [quiet] Collects the output instead of showing it.
 * @property {boolean} [shell]
 */

/**
 * Runs a command in the checkout until it exits. When this process gets a signal to end, it ends the command first and
 * then itself by the same signal.
 * @param {Command} command
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runCommand({ command, args, environment, quiet = false, shell = false }) {
  const child = spawn(command, [...args], {
    cwd: checkoutRoot,
    env: environment,
    shell,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  const output = collect(child)
  const signals = followSignals(child)
  const code = await exitCodeOf(child)
  signals.finish()
  return { code, output: Buffer.concat(output).toString() }
}

/**
 * Resolves to the exit code, or to 128 plus the number of the signal. Rejects when the command cannot be started.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

/** @param {import('node:child_process').ChildProcess} child */
function collect(child) {
  /** @type {Buffer[]} */
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk))
  }
  return chunks
}

/**
 * Sends the signals that end this process to the child too, and SIGKILL after three seconds, because the first process of
 * a namespace ignores all other signals. A terminal sends SIGINT to the child itself.
 * @param {import('node:child_process').ChildProcess} child
 */
function followSignals(child) {
  /** @type {NodeJS.Signals | undefined} */
  let received
  const follow = (/** @type {NodeJS.Signals} */ signal) => {
    received = signal
    if (signal !== 'SIGINT') child.kill(signal)
    setTimeout(() => child.kill('SIGKILL'), 3000).unref()
  }
  for (const signal of endings) process.on(signal, follow)
  return {
    finish() {
      for (const signal of endings) process.off(signal, follow)
      if (received !== undefined) process.kill(process.pid, received)
    },
  }
}

/** @type {readonly NodeJS.Signals[]} */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP']
