import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { editOpenDocumentText } from '../edit/open-document-text.js'
import { changeFileWithBackup } from './change-file.js'
import { FileRecord, type OurPartRemoval } from './file-record.js'
import { readUtf8File } from './read-text.js'
import { replaceFile } from './replace-file.js'
import { undoFileChange } from './undo-file-change.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installer-file-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const format = { comments: false, trailingCommas: false, bom: true }
const takeOut: OurPartRemoval = {
  type: 'edits',
  format,
  edits: [{ type: 'remove', path: ['ours'], created: 1 }],
}
const backups = () => join(folder, 'state', 'backups')

/** Changes a file as setup does, and returns the record as it would be read from the disk. */
function change(path: string, after: string, how = takeOut): FileRecord {
  const records: string[] = []
  const file = readUtf8File(path)
  if (file.type === 'refused') throw new Error(file.why)
  const save = (record: FileRecord) => void records.push(JSON.stringify(record))
  expect(changeFileWithBackup({ file, after, takeOut: how, backups: backups(), save })).toBe('replaced')
  return FileRecord.parse(JSON.parse(records[0] ?? ''))
}

test('bytes, mode and links stay as they were', () => {
  const [path, link] = [join(folder, 'real.json'), join(folder, 'link.json')]
  const before = '\uFEFF{\r\n  "käse": 1}'
  writeFileSync(path, before)
  chmodSync(path, 0o640)
  symlinkSync('real.json', link)
  const record = change(link, '{"ours": 1}')
  expect(readFileSync(path, 'utf8')).toBe('{"ours": 1}')
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(undoFileChange(record)).toEqual({ type: 'restored' })
  expect(readFileSync(path, 'utf8')).toBe(before)
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(undoFileChange(record)).toEqual({ type: 'nothing-to-undo' })
  expect(readdirSync(folder).toSorted()).toEqual(['link.json', 'real.json', 'state'])
})

test('a new file and its folders are private to the owner, and the undo removes them', () => {
  const path = join(folder, 'a', 'b', 'new.json')
  const record = change(path, '{"ours": 1}\n')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  expect(undoFileChange(record)).toEqual({ type: 'restored' })
  expect(existsSync(join(folder, 'a'))).toBe(false)
})

test('creates the target of a dangling link', () => {
  symlinkSync('dotfiles/settings.json', join(folder, 'link.json'))
  const record = change(join(folder, 'link.json'), '{}')
  expect(readFileSync(join(folder, 'dotfiles/settings.json'), 'utf8')).toBe('{}')
  undoFileChange(record)
  expect(readdirSync(folder)).toEqual(['link.json'])
})

test('the undo removes only our part from a file that others changed', () => {
  const path = join(folder, 'settings.json')
  writeFileSync(path, '{"theirs": 1}')
  const record = change(path, '{"theirs": 1, "ours": 2}')
  writeFileSync(path, '{"theirs": 3, "ours": 2}')
  expect(undoFileChange(record)).toEqual({ type: 'taken-out' })
  expect(readFileSync(path, 'utf8')).toBe('{"theirs": 3}')
  writeFileSync(path, '{ broken')
  expect(undoFileChange(record)).toMatchObject({ type: 'refused' })
  expect(readFileSync(path, 'utf8')).toBe('{ broken')
})

test('the undo removes our reformatted file, and keeps one with additions', () => {
  const path = join(folder, 'a', 'new.json')
  const record = change(path, '{"ours": 1}')
  writeFileSync(path, '{ "ours": 1 }')
  expect(undoFileChange(record)).toEqual({ type: 'taken-out' })
  expect(existsSync(join(folder, 'a'))).toBe(false)
  const second = change(path, '{"ours": 1}')
  writeFileSync(path, '{"ours": 1, "theirs": 2}')
  expect(undoFileChange(second)).toEqual({ type: 'taken-out' })
  expect(readFileSync(path, 'utf8')).toBe('{ "theirs": 2}')
})

test('without a backup the undo removes our part', () => {
  const path = join(folder, 'settings.json')
  writeFileSync(path, '{"theirs": 1}')
  const record = change(path, '{"theirs": 1, "ours": 2}')
  rmSync(backups(), { recursive: true })
  expect(undoFileChange(record)).toEqual({ type: 'taken-out' })
  expect(readFileSync(path, 'utf8')).toBe('{"theirs": 1}')
})

test.each(['changed', 'gone', 'come'])('a file that has %s since it was read is left alone', (how) => {
  const path = join(folder, 'settings.json')
  if (how !== 'come') writeFileSync(path, 'old')
  const file = readUtf8File(path)
  if (file.type === 'refused') throw new Error(file.why)
  if (how === 'gone') rmSync(path)
  else writeFileSync(path, 'theirs')
  const save = () => undefined
  expect(changeFileWithBackup({ file, after: 'ours', takeOut, backups: backups(), save })).toBe(
    'changed-meanwhile',
  )
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'gone').toBe(how === 'gone' ? 'gone' : 'theirs')
  expect(readdirSync(folder).filter((name) => name.includes('subagent-mcp'))).toEqual([])
})

test('refuses binary files, and paths that are no files', () => {
  const path = join(folder, 'latin1.json')
  writeFileSync(path, Buffer.from([0x22, 0xe4, 0x22]))
  expect(readUtf8File(path)).toMatchObject({ type: 'refused', why: 'it is not text in UTF-8' })
  mkdirSync(join(folder, 'directory'))
  expect(readUtf8File(join(folder, 'directory'))).toMatchObject({
    type: 'refused',
    why: 'it is no regular file',
  })
})

test('refuses a file with a hard link, which would keep the old text', () => {
  const path = join(folder, 'settings.json')
  writeFileSync(path, 'old')
  linkSync(path, join(folder, 'second.json'))
  const replace = () => replaceFile({ path, before: Buffer.from('old'), after: Buffer.from('new') })
  expect(replace).toThrow(expect.objectContaining({ code: 'io-failed' }))
  expect(readUtf8File(path)).toMatchObject({ type: 'refused', why: /second name/ })
  expect(readFileSync(path, 'utf8')).toBe('old')
})

test('a change that fails leaves no record, no folder, and the file as it was', () => {
  const path = join(folder, 'read-only.json')
  writeFileSync(path, 'old')
  chmodSync(path, 0o444)
  const records = new Set<string>()
  const file = readUtf8File(path)
  if (file.type === 'refused') throw new Error(file.why)
  const kept = {
    save: (record: FileRecord) => void records.add(record.path),
    drop: (record: FileRecord) => void records.delete(record.path),
  }
  const write = () => changeFileWithBackup({ file, after: 'new', takeOut, backups: backups(), ...kept })
  expect(write).toThrow(/the file is read-only/)
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect([...records]).toEqual([])
  const long = join(folder, 'a', 'n'.repeat(250))
  const absent = { type: 'absent', path: long, realPath: long } as const
  expect(() =>
    changeFileWithBackup({ file: absent, after: 'new', takeOut, backups: backups(), ...kept }),
  ).toThrow()
  expect([...records]).toEqual([])
  expect(existsSync(join(folder, 'a'))).toBe(false)
})

test('the undo removes nothing that the user changed since', () => {
  const path = join(folder, 'config.toml')
  const before = '[agents]\nmax = 3\n'
  writeFileSync(path, before)
  const edited = editOpenDocumentText(
    before,
    [
      { type: 'set', path: ['mcp_servers', 'ours'], value: { command: 'x' } },
      { type: 'set', path: ['features', 'theirs'], value: false },
    ],
    'toml',
  )
  if (edited.type !== 'edited') throw new Error(edited.type)
  const record = change(path, edited.text, { type: 'edits', format: 'toml', edits: edited.undo })
  const mine = '[features]\ntheirs = true # I want it\n'
  writeFileSync(path, `${edited.text.replace('theirs = false', 'theirs = true # I want it')}# end\n`)
  expect(undoFileChange(record)).toEqual({ type: 'taken-out' })
  expect(readFileSync(path, 'utf8')).toBe(`${before}\n${mine}# end\n`)
})

test('removes the temporary file of a killed process, and keeps that of a running one', () => {
  const path = join(folder, 'settings.json')
  writeFileSync(`${path}.subagent-mcp-99999999`, 'half')
  writeFileSync(`${path}.subagent-mcp-${process.ppid}`, 'theirs')
  writeFileSync(`${path}.subagent-mcp-backup`, 'not ours')
  replaceFile({ path, before: undefined, after: Buffer.from('new') })
  expect(readdirSync(folder).toSorted()).toEqual(
    [
      'settings.json',
      `settings.json.subagent-mcp-${process.ppid}`,
      'settings.json.subagent-mcp-backup',
    ].toSorted(),
  )
})
