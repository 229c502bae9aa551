import { SubagentError } from '@subagent-mcp/contract'
import { withLock } from '@subagent-mcp/driver-kit'
import { readText, replaceFile, type FileRecord } from '@subagent-mcp/installer'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { homeFolder } from '../settings/home-folder.js'
import { isOfOther, type Choice } from './choice.js'
import { WiringData } from './wiring-data.js'

/** What was written into files of others, by whatever command; nothing is made before something is kept. */
export type WiringState = {
  read(): WiringData
  /** On the disk when it returns; no other process changes it meanwhile. */
  change(edit: (data: WiringData) => WiringData): void
  add(record: FileRecord): void
  remove(record: FileRecord): void
  /** In the place of what was chosen for this host before, in this scope and project. */
  choose(choice: Choice): void
  /** Forgets all choices: nothing is set up any more. */
  unchoose(): void
  /** Names this command: by its time, then by itself. */
  run: string
  /** Where this command keeps old bytes. */
  backups: string
}

/** Opens what is known on this machine, for a command. @throws SubagentError when it is there and cannot be read */
export function openWiringState(
  environment: NodeJS.ProcessEnv,
  now = Date.now(),
  command = 'setup',
): WiringState {
  return stateOf(environment, `${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}-${command}`)
}

/** The same for what goes on with the run of another process. */
export function stateOf(environment: NodeJS.ProcessEnv, run: string): WiringState {
  const folder = join(homeFolder(environment), 'installer')
  const path = join(folder, 'records.json')
  const change = (edit: (data: WiringData) => WiringData): void => changeData(path, edit)
  return {
    read: () => load(path).data,
    change,
    add: (record) => change((data) => ({ ...data, files: [...data.files, { run, record }] })),
    remove: (record) => change((data) => ({ ...data, files: data.files.filter(isOther(record)) })),
    choose: (choice) => change((data) => withChoice(data, choice, run)),
    unchoose: () =>
      change((data) => ({
        ...data,
        choices: [],
        deeds: data.deeds.filter(({ type }) => type === 'updated'),
      })),
    run,
    backups: join(folder, 'backups', run),
  }
}

/** What was chosen before is kept for a rollback of this run. */
function withChoice(data: WiringData, choice: Choice, run: string): WiringData {
  const others = data.choices.filter(isOfOther(choice))
  const old = data.choices.find((other) => !others.includes(other))
  const project = choice.scope === 'user' ? (old?.project ?? choice.project) : choice.project
  if (isDeepStrictEqual(old, { ...choice, project })) return data
  const isKept = data.deeds.some((deed) => deed.type === 'chose' && deed.run === run)
  const before = { type: 'chose', run, choices: data.choices } as const
  return {
    ...data,
    choices: [...others, choice],
    deeds: isKept ? data.deeds : [...data.deeds, before],
  }
}

/** More than one command may write. @throws SubagentError `io-failed` */
function changeData(path: string, edit: (data: WiringData) => WiringData): void {
  withLock(`${path}.lock`, () => {
    const { data, bytes } = load(path)
    const after = Buffer.from(`${JSON.stringify(edit(data), undefined, 2)}\n`)
    if (replaceFile({ path, before: bytes, after }) === 'replaced') return
    throw new SubagentError('io-failed', `somebody else writes ${path}`, { hint: 'run it again' })
  })
}

function load(path: string): { data: WiringData; bytes: Buffer | undefined } {
  const file = readText(path)
  if (file.type === 'absent')
    return { data: { version: 1, files: [], choices: [], deeds: [] }, bytes: undefined }
  if (file.type === 'refused') throw unreadable(path, file.why)
  const data = WiringData.safeParse(parse(path, file.text))
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

/** A newer version may have written it: without it nothing can be undone, so it is never started anew. */
function unreadable(path: string, why: string): SubagentError {
  const hint = 'it says what setup wrote: update subagent-mcp, or move it away to start without it'
  return new SubagentError('config-invalid', `cannot read ${path}: ${why}`, { hint })
}

function isOther(record: FileRecord): (written: { record: FileRecord }) => boolean {
  const text = JSON.stringify(record)
  return (written) => JSON.stringify(written.record) !== text
}
