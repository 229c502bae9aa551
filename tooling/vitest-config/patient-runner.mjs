import { withinLimit } from '@subagent-mcp/testkit/patience'
import { TestRunner } from 'vitest'

/** Ends a test that hangs by a limit that grows on a slow or busy machine, in place of vitest's fixed `testTimeout`. */
export default class extends TestRunner {
  /** @param {import('vitest').RunnerTestCase} test */
  async runTask(test) {
    if (test.timeout > 0)
      throw new Error(`${test.name} has a fixed time limit: leave it out, see tooling/README.md`)
    await withinLimit(TestRunner.getTestFn(test), testLimitMs)
  }
}

/** Generous: what a test waits for has a shorter limit of its own, and says what did not come. */
const testLimitMs = process.env['SOAK'] === undefined ? 300_000 : 2 ** 30
