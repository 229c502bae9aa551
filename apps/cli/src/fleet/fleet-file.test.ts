import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFleetFile } from './fleet-file.js'

let folder: string
let path: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-file-')))
  path = join(folder, 'workers.yaml')
  for (const name of ['Shop', 'docs', 'home']) mkdirSync(join(folder, name))
  symlinkSync('docs', join(folder, 'link'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const read = (...lines: string[]) => {
  writeFileSync(path, lines.join('\n'))
  return readFleetFile(path, join(folder, 'home'))
}

test('each key is a setting; paths are relative to the file', () => {
  const plan = read(
    ...['workers:', '  - folder: Shop', '    provider: codex', '    agent: reviewer'],
    ...['    permission-mode: dontAsk', '    allowed-tools: [chat, "Bash(git add, git commit)"]'],
    ...['    mcp-config: mcp.json', '    session: warm', '    replicas: 2', '    budget-usd: 0.5'],
    ...[
      '    topics: [ci.>, "project:>"]',
      '    severity: high',
      '  - { folder: ~/, name: me, prefer: codex, allowed-tools: "chat, sync" }',
    ],
    ...['restarts: { max: 3, minutes: 1 }'],
  )
  expect(plan).toEqual({
    workers: [
      {
        ...{ name: 'shop', folder: join(folder, 'Shop'), agent: 'reviewer', provider: 'codex' },
        ...{ permissionMode: 'dontAsk', allowedTools: ['chat', 'Bash(git add, git commit)'] },
        ...{ mcpConfig: join(folder, 'mcp.json'), session: 'warm', replicas: 2, budgetUsd: 0.5 },
        ...{ topics: ['ci.>', 'project:>'], severity: 'high' },
      },
      { name: 'me', folder: join(folder, 'home'), prefer: 'codex', allowedTools: ['chat', 'sync'] },
    ],
    restarts: { max: 3, minutes: 1 },
  })
  expect(read('workers: [folder: docs]').restarts).toEqual({ max: 5, minutes: 10 })
})

test.each([
  ['', 1, 'workers: '],
  ['workers: []', 1, 'workers: names no worker'],
  ['workers:\n  - folder: docs\n    modell: opus', 3, 'workers[0]: Unrecognized key: "modell"'],
  ['workers:\n  - folder: docs\n  - name: x', 3, 'workers[1].folder: '],
  ['workers:\n  - folder: docs\n    replicas: 0', 3, 'workers[0].replicas: '],
  ['workers:\n  - folder: docs\n    session: hot', 3, 'workers[0].session: '],
  ['workers:\n  - folder: "a\\0b"', 2, 'workers[0].folder: has a zero byte'],
  ['workers:\n  - folder: nowhere', 2, 'is no folder'],
  ['workers:\n  - folder: docs\n    name: Docs', 3, "'Docs' is no name: take 'docs'"],
  ['workers:\n  - folder: docs\n  - folder: ./docs\n    name: two', 3, 'has a worker already'],
  ['workers:\n  - folder: docs\n  - folder: link', 3, 'has a worker already'],
  ['workers:\n  - folder: docs\nrestarts: { minutes: 1e308 }', 3, 'restarts.minutes: '],
  ['workers:\n  - folder: docs\n  - folder: Shop\n    name: docs', 4, "'docs' is there twice"],
  ['workers:\n  - folder: [docs', 2, 'not valid YAML'],
  ['restarts:\n  max: *lost', 2, 'not valid YAML'],
  ['workers:\n  - folder: docs\nrestart: 1', 3, 'Unrecognized key'],
])('what is wrong is told with its line: %j', (text, line, words) => {
  const told = (): unknown => read(text)
  expect(told).toThrow(`${path}:${line}: `)
  expect(told).toThrow(words)
})

test('the error for a missing file names the file', () => {
  expect(() => readFleetFile(join(folder, 'none.yaml'), '/')).toThrow(
    `there is no ${join(folder, 'none.yaml')}`,
  )
})

test.skipIf(process.platform === 'win32')('only a file is read: a pipe or a device would not end', () => {
  expect(() => readFleetFile('/dev/null', '/')).toThrow('it is no regular file')
})
