import { SubagentError } from '@subagent-mcp/contract'
import { withLockFile } from '@subagent-mcp/driver-kit'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { FileRecord } from '../file/file-record.js'
import { readUtf8File } from '../file/read-text.js'
import { replaceFile } from '../file/replace-file.js'
import { getRecordsFilePath } from './is-set-up.js'
import { RecordsData, type SetupChoice } from './records-data.js'

/** The records of what was written into files of others, shared by all commands. */
export type Records = {
  /** Reads the records; empty without a file. @throws SubagentError `config-invalid` when the file cannot be read */
  read(): RecordsData
  /** Changes the records; they are on the disk when this returns, and no other process changes them meanwhile. */
  change(edit: (data: RecordsData) => RecordsData): void
  add(record: FileRecord): void
  remove(record: FileRecord): void
  /** Keeps how a host was set up, in place of what was kept for the same host, scope and project. */
  choose(choice: SetupChoice): void
  /** Forgets how all hosts were set up. */
  forgetChoices(): void
  run: string
  /** The folder of the backups that this command makes. */
  backups: string
}

/** Names a run of a command by its time and the command, so that names sort by time. */
export function createRunName(command: string, now = Date.now()): string {
  return `${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}-${command}`
}

/** Parses the name of a run into its command and time; undefined for another text. */
export function parseRunName(run: string): { command: string; time: Date } | undefined {
  const [, day, hours, minutes, seconds, milliseconds, command] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-(.*)$/.exec(run) ?? []
  if (command === undefined) return undefined
  return { command, time: new Date(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`) }
}

/** Opens the records in a state folder, for one run of a command. Creates nothing before something is recorded. */
export function openRecords(stateFolder: string, run = createRunName('setup')): Records {
  const path = getRecordsFilePath(stateFolder)
  const change: Records['change'] = (edit) => changeData(path, edit)
  return {
    read: () => load(path).data,
    change,
    add: (record) => change((data) => ({ ...data, files: [...data.files, { run, record }] })),
    remove: (record) => change((data) => ({ ...data, files: data.files.filter(isOther(record)) })),
    choose: (choice) => change((data) => withChoice(data, choice, run)),
    forgetChoices: () =>
      change((data) => ({
        ...data,
        choices: [],
        deeds: data.deeds.filter(({ type }) => type === 'updated'),
      })),
    run,
    backups: join(dirname(path), 'backups', run),
  }
}

/** Keeps the earlier choices as an action of this run, once, so that a rollback can restore them. */
function withChoice(data: RecordsData, choice: SetupChoice, run: string): RecordsData {
  const old = data.choices.find(isSamePlace(choice))
  const others = data.choices.filter((other) => other !== old)
  const project = choice.scope === 'user' ? (old?.project ?? choice.project) : choice.project
  if (isDeepStrictEqual(old, { ...choice, project })) return data
  const isKept = data.deeds.some((action) => action.type === 'chose' && action.run === run)
  const before = { type: 'chose', run, choices: data.choices } as const
  return {
    ...data,
    choices: [...others, choice],
    deeds: isKept ? data.deeds : [...data.deeds, before],
  }
}

function isSamePlace({ host, scope, project }: SetupChoice): (other: SetupChoice) => boolean {
  return (other) =>
    other.host === host && other.scope === scope && (scope === 'user' || other.project === project)
}

/** Changes the file of records under a lock. @throws SubagentError `io-failed` */
function changeData(path: string, edit: (data: RecordsData) => RecordsData): void {
  withLockFile(`${path}.lock`, () => {
    const { data, bytes } = load(path)
    const after = Buffer.from(`${JSON.stringify(edit(data), undefined, 2)}\n`)
    if (replaceFile({ path, before: bytes, after }) === 'replaced') return
    throw new SubagentError('io-failed', `another program writes ${path}`, { hint: 'run it again' })
  })
}

function load(path: string): { data: RecordsData; bytes: Buffer | undefined } {
  const file = readUtf8File(path)
  if (file.type === 'absent')
    return { data: { version: 1, files: [], choices: [], deeds: [] }, bytes: undefined }
  if (file.type === 'refused') throw unreadable(path, file.why)
  const data = RecordsData.safeParse(parse(path, file.text))
  if (!data.success) throw unreadable(path, z.prettifyError(data.error))
  return { data: data.data, bytes: file.bytes }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(path, String(cause))
  }
}

/** A newer version may have written the file. It is never replaced, because nothing can be undone without it. */
function unreadable(path: string, why: string): SubagentError {
  const hint = 'it says what setup wrote: update subagent-mcp, or move it away to start without it'
  return new SubagentError('config-invalid', `cannot read ${path}: ${why}`, { hint })
}

function isOther(record: FileRecord): (written: { record: FileRecord }) => boolean {
  const text = JSON.stringify(record)
  return (written) => JSON.stringify(written.record) !== text
}
