import { untilPasses, untilTrue } from '@subagent-mcp/testkit/patience'
import { expect, vi } from 'vitest'

// vitest ends these three waits by a fixed time. Here they end by a limit that grows on a slow or busy machine.
vi.waitUntil = (look, options) => untilTrue(look, patience(options))
vi.waitFor = (look, options) => untilPasses(look, patience(options))
expect.poll = (look, options = {}) => polled(look, options, [])

/** @param {number | object | undefined} options */
function patience(options) {
  return typeof options === 'number' ? { timeout: options } : options
}

/**
 * `poll(look).not.toBe(1)`: collects the words after it, and at the call of the last one repeats the whole expectation.
 * @param {() => unknown} look
 * @param {{ timeout?: number, interval?: number, message?: string }} options
 * @param {readonly string[]} words
 */
function polled(look, options, words) {
  const assert = async (/** @type {unknown[]} */ ...args) => {
    const called = new Error()
    try {
      await untilPasses(async () => {
        const chain = words
          .slice(0, -1)
          .reduce((part, word) => part[word], expect(await look(), options.message))
        return chain[words.at(-1)](...args)
      }, options)
    } catch (error) {
      error.stack = `${String(error)}\n${linesOfTest(called)}`
      throw error
    }
  }
  return new Proxy(assert, { get: (_, word) => polled(look, options, [...words, String(word)]) })
}

/** Where the test called, without the frames of this file: the reporter shows the first one. */
function linesOfTest({ stack = '' }) {
  const frames = stack.split('\n').slice(1)
  return frames.filter((frame) => !frame.includes('patient-waits')).join('\n')
}
