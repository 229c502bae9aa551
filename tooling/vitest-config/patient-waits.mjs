import { untilPasses, untilTrue } from '@subagent-mcp/testkit/patience'
import { expect, vi } from 'vitest'

// vitest gives these three waits a fixed time limit. Here their limit grows on a slow or busy machine.
vi.waitUntil = (look, options) => untilTrue(look, patience(options))
vi.waitFor = (look, options) => untilPasses(look, patience(options))
expect.poll = (look, options = {}) => polled(look, options, [])

/** @param {number | object | undefined} options */
function patience(options) {
  return typeof options === 'number' ? { timeout: options } : options
}

/**
 * Returns the assertions of `expect.poll`. Property names such as `not` and `toBe` in `poll(look).not.toBe(1)` are
 * collected, and the call of the last one repeats the whole expectation until it passes.
 * @param {() => unknown} look
 * @param {{ timeout?: number, interval?: number, message?: string }} options
 * @param {readonly string[]} names
 */
function polled(look, options, names) {
  const assert = async (/** @type {unknown[]} */ ...args) => {
    const called = new Error()
    try {
      await untilPasses(async () => {
        const chain = names
          .slice(0, -1)
          .reduce((part, name) => part[name], expect(await look(), options.message))
        return chain[names.at(-1)](...args)
      }, options)
    } catch (error) {
      error.stack = `${String(error)}\n${linesOfTest(called)}`
      throw error
    }
  }
  return new Proxy(assert, { get: (_, name) => polled(look, options, [...names, String(name)]) })
}

/** The stack frames of the caller, without those of this file, because the reporter shows the first frame. */
function linesOfTest({ stack = '' }) {
  const frames = stack.split('\n').slice(1)
  return frames.filter((frame) => !frame.includes('patient-waits')).join('\n')
}
