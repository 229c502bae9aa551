import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inCheckout } from './checkout.mjs'
import { countTests, skipReasons } from './count-tests.mjs'

const mixed = `
  import { test } from 'vitest'
  test('a', () => {})
  test('b', () => { throw new Error('no') })
  test.skip('c', () => {})
  test.todo('d')`

test('counts what a real run reports', () => {
  const report = runVitest({ 'mixed.test.js': mixed, 'broken.test.js': 'throw new Error("at import")' })
  expect(countTests(JSON.parse(readFileSync(report, 'utf8')))).toEqual({ passed: 1, failed: 2, skipped: 2 })
})

test.each([
  ['a desk', {}, ['1 long tests', '2 tests for another']],
  ['CI', { CI: 'true' }, ['2 tests for another']],
  ['the soak', { SOAK: '1' }, ['1 tests for another']],
])('tells why tests are skipped: %s', { tags: ['thorough'] }, async (_, variables, reasons) => {
  const config = `import { tags } from ${JSON.stringify(inCheckout('tooling/vitest-config/tags.mjs'))}
    export default { test: { tags } }`
  const tagged = `
    import { test } from 'vitest'
    test('long', { tags: ['thorough'] }, () => {})
    test('short', () => {})
    test('all of it', { tags: ['soak'] }, () => {})
    test.skip('never', () => {})`
  const report = runVitest({ 'vitest.config.mjs': config, 'tagged.test.js': tagged }, variables)
  const { tags } = await import('../vitest-config/tags.mjs')
  const told = skipReasons(JSON.parse(readFileSync(report, 'utf8')), tags.slice(0, 1))
  expect(told.map(({ count, reason }) => `${count} ${reason}`)).toEqual(
    reasons.map((reason) => expect.stringMatching(reason)),
  )
})

test('the closing line stands alone and fails with the tests', () => {
  expect(closingLine(runVitest({ 'mixed.test.js': mixed }))).toEqual({
    stdout: '1 passed, 1 failed, 2 skipped\n',
    status: 1,
  })
  expect(
    closingLine(runVitest({ 'one.test.js': "import { test } from 'vitest'; test('a', () => {})" })),
  ).toEqual({
    stdout: '1 passed, 0 failed, 0 skipped\n',
    status: 0,
  })
})

test('no report is no success', () => {
  expect(closingLine('/nowhere/report.json')).toEqual({
    stdout: '0 passed, 0 failed, 0 skipped\n',
    status: 1,
  })
})

/**
 * @param {Record<string, string>} files
 * @param {Record<string, string>} variables
 */
function runVitest(files, variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'count-tests-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  symlinkSync(inCheckout('node_modules'), join(folder, 'node_modules'))
  const report = join(folder, 'report.json')
  const vitest = inCheckout('node_modules/vitest/vitest.mjs')
  spawnSync(
    process.execPath,
    [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`],
    { cwd: folder, env: { ...process.env, CI: undefined, SOAK: undefined, ...variables } },
  )
  expect(existsSync(report)).toBe(true)
  return report
}

/** @param {string} report */
function closingLine(report) {
  const script = inCheckout('tooling/run/closing-line.mjs')
  const { stdout, status } = spawnSync(process.execPath, [script, report], { encoding: 'utf8' })
  return { stdout, status }
}
