import { existsSync, readFileSync } from 'node:fs'
import { countTests } from './count-tests.mjs'

// Prints the last line of .ci/run: the counts of vitest's JSON report, whose path is the argument. Exits with 1 when no
// test passed or one failed.
const [, , file = ''] = process.argv
const { passed, failed, skipped } = existsSync(file)
  ? countTests(readReport())
  : { passed: 0, failed: 0, skipped: 0 }

process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
if (passed === 0 || failed > 0) process.exitCode = 1

/** @returns {import('./count-tests.mjs').Report} */
function readReport() {
  return JSON.parse(readFileSync(file, 'utf8'))
}
