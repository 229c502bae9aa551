import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCheckout } from './checkout.mjs'
import { countTests, skipReasons } from './count-tests.mjs'

const tagsModule = JSON.stringify(inCheckout('tooling/vitest-config/tags.mjs'))

const files = {
  'vitest.config.mjs': `import { tags } from ${tagsModule}\nexport default { test: { tags } }`,
  'mixed.test.js': `
    import { test } from 'vitest'
    test('passes', () => {})
    test('fails', () => { throw new Error('no') })
    test.skip('is skipped', () => {})
    test.todo('is to be written')
    test('is long', { tags: ['thorough'] }, () => {})
    test('is for the soak', { tags: ['soak'] }, () => {})`,
  'broken.test.js': 'throw new Error("at import")',
}

/** @type {string} */
let folder
/** @type {string} */
let report

// One run of vitest for all tests, because its start takes seconds.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-tests-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  symlinkSync(inCheckout('node_modules'), join(folder, 'node_modules'))
  report = join(folder, 'report.json')
  const vitest = inCheckout('node_modules/vitest/vitest.mjs')
  spawnSync(
    process.execPath,
    [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`],
    { cwd: folder, env: environment({}) },
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

test('counts the tests of a report, and a file that failed at import as one failed test', () => {
  expect(countTests(readReport())).toEqual({ passed: 1, failed: 2, skipped: 4 })
})

test('counts skipped tests by the reason of their tag', () => {
  const tags = [
    { name: 'thorough', description: 'long tests' },
    { name: 'soak', description: 'for the soak' },
  ]
  expect(skipReasons(readReport(), tags)).toEqual([
    { count: 1, reason: 'long tests' },
    { count: 1, reason: 'for the soak' },
    { count: 2, reason: 'tests for another system, user or CLI than this one' },
  ])
})

test.each([
  ['a local run', {}, ['thorough', 'soak']],
  ['CI', { CI: 'true' }, ['soak']],
  ['the soak', { SOAK: '1' }, []],
])('leaves out the tests with other tags: %s', (_, variables, skipped) => {
  const script = `import { tags } from ${tagsModule}; console.log(JSON.stringify(tags))`
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = spawnSync(process.execPath, args, {
    env: environment(variables),
    encoding: 'utf8',
  })
  /** @type {readonly { name: string, skip?: boolean }[]} */
  const tags = JSON.parse(stdout)
  const names = tags.filter(({ skip }) => skip === true).map(({ name }) => name)
  expect(names.filter((name) => name === 'thorough' || name === 'soak')).toEqual(skipped)
})

test('the closing line of CI counts the tests, and fails with them', () => {
  expect(closingLine(report)).toEqual({ stdout: '1 passed, 2 failed, 4 skipped\n', status: 1 })
  const passed = {
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
  }
  const path = join(folder, 'passed.json')
  writeFileSync(path, JSON.stringify(passed))
  expect(closingLine(path)).toEqual({ stdout: '1 passed, 0 failed, 0 skipped\n', status: 0 })
})

test('the closing line fails without a report', () => {
  expect(closingLine('/nowhere/report.json')).toEqual({
    stdout: '0 passed, 0 failed, 0 skipped\n',
    status: 1,
  })
})

/** @param {Record<string, string>} variables */
function environment(variables) {
  return { ...process.env, CI: undefined, SOAK: undefined, ...variables }
}

/** @returns {import('./count-tests.mjs').Report} */
function readReport() {
  return JSON.parse(readFileSync(report, 'utf8'))
}

/** @param {string} path */
function closingLine(path) {
  const script = inCheckout('tooling/run/closing-line.mjs')
  const { stdout, status } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
  return { stdout, status }
}
