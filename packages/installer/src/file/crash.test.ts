import { thorough } from '@subagent-mcp/testkit'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileRecord } from './file-record.js'
import { undoFileChange } from './undo-file-change.js'

const before = '{\n  "theirs": 1\n}\n'
const after = '{\n  "theirs": 1,\n  "ours": 2\n}\n'

/** The steps in front of which a process is killed: each run takes every third from another one on, the soak all. */
const stride = process.env['SOAK'] === undefined ? 3 : 1
const first = 1 + (Date.now() % stride)

/** Changes a file, and is killed in front of the n-th step that touches the disk; a write is cut in half. */
const child = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const [path, backups, recordPath, after, deadly] = process.argv.slice(1)
let step = 0
const dies = () => (step += 1) === Number(deadly)
const kill = () => process.kill(process.pid, 'SIGKILL')
for (const name of ['mkdirSync', 'openSync', 'fchmodSync', 'renameSync', 'rmSync']) {
  const real = fs[name]
  fs[name] = (...rest) => (dies() ? kill() : real(...rest))
}
const write = fs.writeSync
fs.writeSync = (file, bytes, from) => {
  if (!dies()) return write(file, bytes, from)
  write(file, bytes, 0, bytes.length >> 1)
  kill()
}
syncBuiltinESMExports()
const { changeFileWithBackup } = await import('${new URL('../../dist/file/change-file.js', import.meta.url).href}')
const { readUtf8File } = await import('${new URL('../../dist/file/read-text.js', import.meta.url).href}')
const { replaceFile } = await import('${new URL('../../dist/file/replace-file.js', import.meta.url).href}')
const format = { comments: false, trailingCommas: false, bom: false }
const takeOut = { type: 'edits', format, edits: [{ type: 'remove', path: ['ours'] }] }
const save = (record) =>
  replaceFile({ path: recordPath, before: undefined, after: Buffer.from(JSON.stringify(record)) })
step = 0
console.log(changeFileWithBackup({ file: readUtf8File(path), after, takeOut, backups, save }))
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installer-crash-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function run(path: string, deadly: number) {
  const [backups, record] = [join(folder, 'state/backups'), join(folder, 'state/record.json')]
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', child, path, backups, record, after, String(deadly)],
    { encoding: 'utf8', env: {} },
  )
  expect(stderr).toBe('')
  return { record, done: signal === null ? stdout.trim() : undefined }
}

test(
  'a change that is killed at any step leaves the old or the new file, and can be undone',
  thorough,
  () => {
    const path = join(folder, 'settings.json')
    const seen = new Set<string>()
    for (let deadly = first; ; deadly += stride) {
      writeFileSync(path, before)
      const { record, done } = run(path, deadly)
      const text = readFileSync(path, 'utf8')
      expect([before, after]).toContain(text)
      seen.add(text)
      if (text === after) expect(existsSync(record)).toBe(true)
      if (existsSync(record)) {
        undoFileChange(FileRecord.parse(JSON.parse(readFileSync(record, 'utf8'))))
        expect(readdirSync(folder).toSorted()).toEqual(['settings.json', 'state'])
      }
      expect(readFileSync(path, 'utf8')).toBe(before)
      rmSync(join(folder, 'state'), { recursive: true, force: true })
      if (done === undefined) continue
      expect(done).toBe('replaced')
      expect(deadly).toBeGreaterThan(12)
      break
    }
    expect([...seen]).toEqual([before, after])
  },
)

test('a file that is made is there whole or not at all, and its undo leaves no folder', thorough, () => {
  const path = join(folder, 'new/deep/settings.json')
  for (let deadly = first; ; deadly += stride) {
    const { record, done } = run(path, deadly)
    if (existsSync(path)) expect(readFileSync(path, 'utf8')).toBe(after)
    if (existsSync(record)) undoFileChange(FileRecord.parse(JSON.parse(readFileSync(record, 'utf8'))))
    expect(existsSync(join(folder, 'new'))).toBe(false)
    rmSync(join(folder, 'state'), { recursive: true, force: true })
    if (done === undefined) continue
    expect(done).toBe('replaced')
    expect(deadly).toBeGreaterThan(8)
    break
  }
})
