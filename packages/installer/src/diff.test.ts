import { assert, constantFrom, array, property } from 'fast-check'
import { expect, test } from 'vitest'
import { createUnifiedDiff } from './diff.js'

const runs = Number(process.env['DOCUMENTS'] ?? 500)

test('shows what changed with three lines around it', () => {
  const old = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n'
  expect(createUnifiedDiff(old, old.replace('c\n', 'C\n').replace('m\n', ''), '/x')).toBe(
    [
      ...['--- /x', '+++ /x'],
      ...['@@ -1,6 +1,6 @@', ' a', ' b', '-c', '+C', ' d', ' e', ' f'],
      ...['@@ -10,5 +10,4 @@', ' j', ' k', ' l', '-m', ' n', ''],
    ].join('\n'),
  )
})

test('says that a file is new', () => {
  expect(createUnifiedDiff(undefined, '{}\n', '/x')).toBe('--- /dev/null\n+++ /x\n@@ -0,0 +1 @@\n+{}\n')
})

test('marks a last line without a line break', () => {
  expect(createUnifiedDiff('a', 'a\n', '/x')).toBe(
    '--- /x\n+++ /x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n',
  )
})

test('hides unchanged strings of settings', () => {
  const old = '{\n  "env": {\n    "KEY": "secret"\n  },\n  "args": ["x", "secret"],\n  "a": "b"\n}\n'
  const young = old.replace('"b"', '"b",\n  "ours": "new"')
  expect(createUnifiedDiff(old, young, '/x.json').split('\n').slice(3, -1)).toEqual([
    ...['     "KEY": "…"', '   },', '   "args": ["…", "…"],'],
    ...['-  "a": "…"', '+  "a": "…",', '+  "ours": "new"', ' }'],
  ])
  const line = '{"oauth": {"token": "secret", "n": 1}}'
  const diff = createUnifiedDiff(line, line.replace('}}', '}, "ours": {"command": "node"}}'), '/x.json')
  expect(diff).not.toContain('secret')
  expect(diff).toContain('"token": "…", "n": 1}, "ours": {"command": "node"}}')
  const toml = '[a."b c"]\nx = """\nsecret\n"""\n'
  expect(createUnifiedDiff(toml, `${toml}y = 1\n`, '/x.toml').split('\n').slice(3, -1)).toEqual([
    ...[' x = """', ' …', ' …', '+y = 1'],
  ])
  expect(createUnifiedDiff('"a"\n', '"a"\nb\n', '/x.md')).toContain(' "a"\n')
})

test('shows two long and very different texts one after the other', () => {
  const lines = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('')
  const [old, young] = [lines('a'), lines('b')]
  expect(applied(old, createUnifiedDiff(old, young, '/x'))).toBe(young)
})

test('is empty for the same text', () => {
  expect(createUnifiedDiff('a\n', 'a\n', '/x')).toBe('')
})

test('turns one text into the other with the fewest lines', () => {
  const text = array(constantFrom('a\n', 'b\n', 'c\n', '\n'), { maxLength: 14 }).map((lines) =>
    lines.join(''),
  )
  assert(
    property(text, text, (old, young) => {
      const diff = createUnifiedDiff(old, young, '/x')
      expect(applied(old, diff)).toBe(young)
      expect(
        diff
          .split('\n')
          .slice(2)
          .filter((line) => /^[-+]/.test(line)),
      ).toHaveLength(distance(old, young))
    }),
    { numRuns: runs },
  )
})

/** The text that results when a diff is applied to an old text. */
function applied(old: string, diff: string): string {
  const lines = old.split(/(?<=\n)/)
  const result: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const [, start, length] = /^@@ -(\d+)(?:,(\d+))?/.exec(line) ?? []
    if (start !== undefined) {
      const from = length === '0' ? Number(start) : Number(start) - 1
      result.push(...lines.slice(at, from))
      at = from
      continue
    }
    const text = `${line.slice(1)}\n`
    if (!line.startsWith('+')) {
      expect(lines[at]).toBe(text)
      at += 1
    }
    if (!line.startsWith('-')) result.push(text)
  }
  return [...result, ...lines.slice(at)].join('')
}

/** The number of lines that only one of two texts has, by their longest common subsequence. */
function distance(old: string, young: string): number {
  const [a, b] = [old.match(/.*\n/g) ?? [], young.match(/.*\n/g) ?? []]
  let row = b.map(() => 0)
  for (const line of a) {
    let [left, corner] = [0, 0]
    row = row.map((above, index) => {
      const here = b[index] === line ? corner + 1 : Math.max(above, left)
      corner = above
      left = here
      return here
    })
  }
  return a.length + b.length - 2 * (row.at(-1) ?? 0)
}
