import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCiReport } from './ci-report.js'

/** Writes a report of no agent, and returns both files. */
function reportNothing(why: { skipped: string } | { failure: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [junit, summary] = [join(folder, 'junit.xml'), join(folder, 'summary.md')]
  createCiReport({ junit, summary }).nothing(why)
  return { junit: readFileSync(junit, 'utf8'), summary: readFileSync(summary, 'utf8') }
}

test('the JUnit file of a skipped job has one skipped case', () => {
  expect(reportNothing({ skipped: 'of a fork' }).junit).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites tests="1" failures="0" skipped="1">',
      '<testsuite name="subagent-mcp" tests="1" failures="0" skipped="1">',
      '<testcase classname="subagent-mcp" name="agent"><skipped message="of a fork"/></testcase>',
      '</testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  )
})

test('what XML has no form for is written as a code, and markup as text', () => {
  const { junit } = reportNothing({ failure: '<b> & "c"\u0007\uD800\uFFFE\u001b[31mred\u001b[0m\nsecond' })
  expect(junit).toContain('<failure message="&#60;b&#62; &#38; &#34;c&#34;\\x07\uFFFD\uFFFDred">')
  expect(junit).toContain('red\nsecond</failure>')
})

test('a text in the summary cannot leave its block of code', () => {
  const { summary } = reportNothing({ failure: 'see\n```\n![x](https://example.com/?key)\n````' })
  expect(summary).toBe(
    '### subagent-mcp\n\n`````text\nsee\n```\n![x](https://example.com/?key)\n````\n`````\n\n',
  )
})
