import type { CheckEvidence, GateEvidence, ResultGrade, GitTreeEvidence } from '@subagent-mcp/api'
import { describe, expect, test } from 'vitest'
import { gradeResult, gradeMergedResult } from './grade-result.js'

const tree: GitTreeEvidence = {
  type: 'tree',
  passed: true,
  tree: 't1',
  changed: 1,
  files: ['a'],
  gateFiles: [],
}
const run = { outcome: 'passed', code: 0, durationMs: 1, output: '' } as const
const gate: GateEvidence = {
  ...{ type: 'gate', passed: true, command: 'npm test', ...run, tree: 't1', altered: [], base: run },
}
const red: GateEvidence = { ...gate, passed: false, outcome: 'failed', code: 1 }
const schema: CheckEvidence = { type: 'schema', passed: true, problems: [] }
const files: CheckEvidence = { type: 'files', passed: true, outside: [], missed: [] }
const review: CheckEvidence = {
  ...{ type: 'review', passed: true, by: 'codex', tree: 't1', verdict: 'approve', findings: [] },
}
const unknown: GitTreeEvidence = {
  ...{ type: 'tree', passed: true, problem: 'too large', changed: 0, files: [], gateFiles: [] },
}

describe('the grade of a result', () => {
  const rows: [name: string, evidence: CheckEvidence[], grade: ResultGrade, why: string][] = [
    ['nothing was checked', [], 'claimed', ''],
    ['its answer has the form', [schema], 'checked', ''],
    ['its answer has not the form', [{ ...schema, passed: false }], 'rejected', ''],
    ['its files are those that were asked for', [tree, files], 'checked', ''],
    ['its files are not', [tree, { ...files, passed: false, outside: ['b'] }], 'rejected', ''],
    ['the gates are green', [tree, gate, gate], 'verified', ''],
    ['one gate is red', [tree, gate, red], 'rejected', ''],
    ['a gate was not run', [tree, { ...red, outcome: 'not-run' }], 'rejected', ''],
    ['nothing was changed', [{ ...tree, changed: 0 }, gate], 'claimed', 'no file was changed'],
    [
      'nothing was changed, and it was approved',
      [{ ...tree, changed: 0 }, gate, review],
      'claimed',
      'no file',
    ],
    ['a gate file was changed', [{ ...tree, gateFiles: ['package.json'] }, gate], 'claimed', 'package.json'],
    ['a gate file was changed, without gates', [{ ...tree, gateFiles: ['a'] }, files], 'checked', ''],
    ['a gate changed a file', [tree, { ...gate, altered: ['b'] }], 'claimed', 'npm test changed files: b'],
    ['a gate ran on other files', [tree, { ...gate, tree: 't0' }], 'checked', 'ran on other files'],
    ['the files are not known', [unknown, gate], 'checked', 'too large'],
    ['the files are not known, and it was approved', [unknown, gate, review], 'checked', 'too large'],
    ['another vendor approves', [tree, gate, review], 'reviewed', ''],
    ['another vendor approves, without gates', [tree, review], 'reviewed', ''],
    ['another vendor approved other files', [tree, gate, { ...review, tree: 't0' }], 'verified', ''],
    [
      'another vendor wants changes',
      [tree, gate, { ...review, passed: false, verdict: 'changes' }],
      'rejected',
      '',
    ],
    [
      'the review did not happen',
      [tree, gate, { type: 'review', passed: false, findings: [], problem: 'signed out' }],
      'verified',
      'no review: signed out',
    ],
    [
      'the review did not happen, without gates',
      [tree, { type: 'review', passed: false, findings: [], problem: 'signed out' }],
      'claimed',
      'no review: signed out',
    ],
  ]
  test.each(rows)('%s', (_, evidence, grade, why) => {
    const graded = gradeResult(evidence)
    expect(graded.grade).toBe(grade)
    if (why === '') expect(graded.why).toEqual([])
    else expect(graded.why.join()).toContain(why)
  })

  test('drops when it is merged with other files than the checked ones', () => {
    expect(gradeMergedResult([tree, gate, review]).grade).toBe('checked')
    expect(gradeMergedResult([tree, files]).grade).toBe('checked')
  })
})
