import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSessionFileCleaner, findSavedResultPaths } from './session-file-cleaner.js'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'traces-'))
})

afterEach(() => rmSync(home, { recursive: true }))

function start(ephemeral: boolean) {
  const folder = {
    path: join(home, 'private'),
    settingsFile: '-',
    systemPromptFile: undefined,
    mcpConfigFile: undefined,
    agentsFile: undefined,
  }
  return createSessionFileCleaner({ ephemeral, environment: { HOME: home } }, folder)
}

/** Writes files of a session to the two folders where Claude puts them, and returns their paths. */
function putAside(sessionId: string): string[] {
  const files = ['.claude/projects/-a/ID/subagents/x.meta.json', 'private/claude-0/-a/ID/tasks/y.output'].map(
    (path) => join(home, path.replace('ID', sessionId)),
  )
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'asked')
  }
  return files
}

const identified = (sessionId: string) => ({ type: 'session-identified', sessionId }) as const

test('of an ephemeral session go when it has forgotten its conversation, and when it ends', () => {
  const traces = start(true)
  const [first, second, foreign] = ['one', 'two', 'three'].map(putAside)
  traces.onEvent(identified('one'))
  traces.onEvent(identified('one'))
  expect(first?.map(existsSync)).toEqual([true, true])
  traces.onEvent(identified('two'))
  expect([first, second].map((files) => files?.map(existsSync))).toEqual([
    [false, false],
    [true, true],
  ])
  traces.remove()
  expect([second, foreign].map((files) => files?.map(existsSync))).toEqual([
    [false, false],
    [true, true],
  ])
})

test('of a session that is kept stay', () => {
  const traces = start(false)
  const files = putAside('one')
  traces.onEvent(identified('one'))
  traces.onEvent(identified('two'))
  traces.remove()
  expect(files.map(existsSync)).toEqual([true, true])
})

test('are looked for below a name alone', () => {
  const traces = start(true)
  const [file = ''] = putAside('one')
  traces.onEvent(identified('../-a/one'))
  traces.remove()
  expect(existsSync(file)).toBe(true)
})

test('need not be there', () => {
  const traces = start(true)
  traces.onEvent(identified('one'))
  expect(() => traces.remove()).not.toThrow()
})

test('go when a turn is taken back', () => {
  const traces = start(true)
  traces.onEvent(identified('one'))
  const files = putAside('one')
  traces.onEvent(turnEnded)
  expect(files.map(existsSync)).toEqual([true, true])
  traces.onEvent({ type: 'conversation-reset' })
  expect(files.map(existsSync)).toEqual([false, false])
})

const turnEnded = { type: 'turn-ended', turnId: 't', outcome: { type: 'interrupted' } } as const
const uuid = (digit: number) => `${digit}0000000-0000-4000-8000-000000000000`

describe('a result that was too large for the model', () => {
  /** Writes a saved tool result, and creates the event in which Claude names its path. */
  function putResult(path: string) {
    const file = join(home, '.claude/projects', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'large')
    const output = `<persisted-output>\nOutput too large (5KB). Full output saved to: ${file}\n\nPreview:`
    return { file, event: { type: 'tool-ended', callId: 'c', failed: false, output } as const }
  }

  test('goes with its turn by a rewind, with all turns by a reset, and at the end', () => {
    const traces = start(true)
    traces.onEvent(identified('one'))
    const results = ['prime', 'task', 'other', 'last'].map((name) =>
      putResult(`-a/${uuid(1)}/tool-results/${name}.txt`),
    )
    const there = () => results.map(({ file }) => existsSync(file))
    const [prime, task, other, last] = results.map(({ event }) => event)
    if (!prime || !task || !other || !last) throw new Error('four results were put aside')
    ;[prime, turnEnded, task, turnEnded, { type: 'conversation-reset' } as const].forEach(traces.onEvent)
    expect(there()).toEqual([true, false, true, true])
    ;[other, turnEnded, identified('two'), { type: 'conversation-reset' } as const].forEach(traces.onEvent)
    expect(there()).toEqual([false, false, false, true])
    traces.onEvent(last)
    traces.remove()
    expect(there()).toEqual([false, false, false, false])
    expect(existsSync(join(home, '.claude/projects/-a', uuid(1)))).toBe(false)
  })

  test('is removed only where such results are, by its real path, and not from a session that is kept', () => {
    const traces = start(true)
    const outside = putResult(`../elsewhere/${uuid(3)}/tool-results/x.txt`)
    mkdirSync(join(home, '.claude/projects/-a', uuid(4)), { recursive: true })
    symlinkSync(dirname(outside.file), join(home, '.claude/projects/-a', uuid(4), 'tool-results'))
    const linked = outside.file.replace(`elsewhere/${uuid(3)}`, `projects/-a/${uuid(4)}`)
    const others = [
      outside,
      { ...outside, event: { ...outside.event, output: outside.event.output.replace(outside.file, linked) } },
      ...[`-a/${uuid(2)}/tool-results/x.txt`, `-a/${uuid(1)}.jsonl`, `-a/${uuid(1)}/other/x.txt`].map(
        putResult,
      ),
      putResult('-a/one/tool-results/x.txt'),
    ]
    writeFileSync(join(home, '.claude/projects/-a', `${uuid(2)}.jsonl`), 'kept')
    for (const { event } of others) traces.onEvent(event)
    traces.remove()
    expect(others.map(({ file }) => existsSync(file))).toEqual(others.map(() => true))
  })

  test.each([
    ['Output exceeded the 9MB persist limit; only the first 9MB were saved to: /x/y.txt', '/x/y.txt'],
    [
      'Error: result (9 characters) exceeds maximum allowed tokens. Output has been saved to /x/y.txt.',
      '/x/y.txt',
    ],
    ['A page.\n\n[Binary content (application/pdf, 9KB) also saved to /x/y.pdf]', '/x/y.pdf'],
    ['no such thing was saved to: /x/y.txt', undefined],
  ])('%j', (output, path) => {
    expect(findSavedResultPaths(output)).toEqual(path === undefined ? [] : [path])
  })

  test('of a session that is kept stays', () => {
    const traces = start(false)
    const { file, event } = putResult(`-a/${uuid(1)}/tool-results/x.txt`)
    traces.onEvent(event)
    traces.remove()
    expect(existsSync(file)).toBe(true)
  })
})
