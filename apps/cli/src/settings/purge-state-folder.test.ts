import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { purgeStateFolder, findPurgeObstacle } from './purge-state-folder.js'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'purge-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const ours = [
  ...[
    'installer/records.json',
    'installer/records.json.lock',
    'installer/update.lock',
    'installer/backups/2026/0a-settings.json',
  ],
  ...['run/daemon-1.2.3.sock', 'run/daemon-1.2.3.start', 'answers/quiet-otter-turn-1.md'],
  ...['modes.json', 'modes.json.lock', 'modes.json.subagent-mcp-42', 'told/claude-0a'],
  ...['mail.json', 'mail.json.subagent-mcp-42', 'told/mail-0a', 'mailbox-id'],
  ...['agents.json', 'agents.json.subagent-mcp-42', 'told/agents-codex-0a'],
  ...['status.json', 'status.json.subagent-mcp-42', 'wakes.json', 'told/woken/0a'],
  ...['workers/api.json', 'workers/api.json.lock', 'workers/api.log', 'workers/api.log.1'],
  ...['mailbox-copy/1763800000000.db', 'mailbox-copy/1763800000000.db-wal', 'mailbox-copy/lock.db'],
  ...['token', 'journal.db', 'journal.db-wal', 'daemon-1.2.3.log', 'daemon-1.2.3.log.1'],
  ...[
    'journal.mark',
    'journal.mail-mark',
    'journal.losses',
    'journal.db.mending',
    'journal.db.mending-journal',
  ],
  ...['journal.db.salvaged', 'journal.db.salvaged-wal', 'journal.db.salvaged-shm'],
  ...['journal.db.damaged-2026-11-22T21-40-00Z', 'journal.db.damaged-2026-11-22T21-40-00Z-wal', 'run/.42'],
]

function write(paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, 'home', path)), { recursive: true })
    writeFileSync(join(folder, 'home', path), '')
  }
}

test('removes our files and the folder', () => {
  write(ours)
  expect(purgeStateFolder(join(folder, 'home'))).toEqual([])
  expect(existsSync(join(folder, 'home'))).toBe(false)
  expect(purgeStateFolder(join(folder, 'home'))).toEqual([])
})

test('keeps files of others with the same names', () => {
  const theirs = [
    'answers/a',
    'installer/src/main.c',
    'journal.db.md',
    'run/keep/x',
    'told/a.md',
    'config.jsonc',
  ]
  write([...ours, ...theirs])
  expect(purgeStateFolder(join(folder, 'home')).sort()).toEqual([
    ...['answers/a', 'config.jsonc', 'installer/src', 'journal.db.md', 'run/keep', 'told/a.md'],
  ])
  for (const path of theirs) expect(existsSync(join(folder, 'home', path))).toBe(true)
  for (const path of ours) expect(existsSync(join(folder, 'home', path))).toBe(false)
})

test('keeps a link to the folder', () => {
  write(ours)
  symlinkSync(join(folder, 'home'), join(folder, 'link'))
  expect(purgeStateFolder(join(folder, 'link'))).toEqual([])
  expect(existsSync(join(folder, 'link'))).toBe(true)
  expect(existsSync(join(folder, 'home/installer'))).toBe(false)
})

test('a folder of everything is not ours', () => {
  write(['project/.git/HEAD', 'ours/config.jsonc'])
  const home = join(folder, 'home')
  expect(findPurgeObstacle(home, home)).toContain('holds all that you have')
  expect(findPurgeObstacle('/', home)).toContain('holds all that you have')
  expect(findPurgeObstacle(join(home, 'project'), home)).toContain('is a repository')
  expect(findPurgeObstacle(join(home, 'ours'), home)).toBeUndefined()
  expect(findPurgeObstacle(join(home, 'nowhere'), home)).toBeUndefined()
})
