import { withinLimit } from '@subagent-mcp/testkit/patience'
import { TestRunner } from 'vitest'

/** Fails a test that hangs after a limit that grows on a slow or busy machine. It replaces vitest's fixed `testTimeout`. */
export default class extends TestRunner {
  /** @param {import('vitest').RunnerTestCase} test */
  async runTask(test) {
    if (test.timeout > 0)
      throw new Error(`${test.name} has a fixed time limit: remove its timeout, see tooling/README.md`)
    await withinLimit(TestRunner.getTestFn(test), testLimitMs)
  }
}

/** The time limit of a whole test. It is long, because each wait in it has a shorter one, whose error is clearer. */
const testLimitMs = process.env['SOAK'] === undefined ? 300_000 : 2 ** 30
