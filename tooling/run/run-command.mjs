import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './checkout.mjs'

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string | undefined>} environment
 * @property {boolean} [quiet] Collect what it prints instead of showing it.
 * @property {boolean} [shell]
 */

/**
 * Runs a command in the checkout to its end. When we are told to end, it ends first and we follow by the
 * same signal.
 * @param {Command} command
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runCommand({ command, args, environment, quiet = false, shell = false }) {
  const child = spawn(command, [...args], {
    cwd: root,
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
 * Rejects when the command cannot be started at all.
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
 * Passes our end on to the child. A terminal's Ctrl-C reaches the child by itself; a namespace's first
 * process ignores all signals but KILL, so that comes after three seconds.
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
