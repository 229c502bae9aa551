import { SubagentError } from '@subagent-mcp/contract'
import { FileRecord, readText, replaceFile } from '@subagent-mcp/installer'
import { join } from 'node:path'
import { z } from 'zod'
import { homeFolder } from '../settings/home-folder.js'
import { Choice, isOfOther } from './choice.js'

/** A file that we wrote. `run` is the same for all that one command wrote, and the name of its folder of backups. */
const Written = z.strictObject({ run: z.string(), record: FileRecord })
export type Written = z.infer<typeof Written>

const WiringData = z.strictObject({
  version: z.literal(1),
  /** In the order of writing: undone from its end. Blocks of `init` are those whose `takeOut` is one. */
  files: z.array(Written),
  choices: z.array(Choice),
})
export type WiringData = z.infer<typeof WiringData>

/** What was written into files of others, by whatever command; nothing is made before something is kept. */
export type WiringState = {
  read(): WiringData
  /** On the disk when it returns. */
  add(record: FileRecord): void
  remove(record: FileRecord): void
  /** In the place of what was chosen for this host before, in this scope and project. */
  choose(choice: Choice): void
  /** Forgets all choices: nothing is set up any more. */
  unchoose(): void
  /** Where this command keeps old bytes. */
  backups: string
}

/** Opens what is known on this machine. @throws SubagentError when it is there and cannot be read */
export function openWiringState(environment: NodeJS.ProcessEnv, now = Date.now()): WiringState {
  const folder = join(homeFolder(environment), 'installer')
  const path = join(folder, 'records.json')
  const run = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  const change = (edit: (data: WiringData) => WiringData): void => changeData(path, edit)
  return {
    read: () => load(path).data,
    add: (record) => change((data) => ({ ...data, files: [...data.files, { run, record }] })),
    remove: (record) => change((data) => ({ ...data, files: data.files.filter(isOther(record)) })),
    choose: (choice) =>
      change((data) => ({ ...data, choices: [...data.choices.filter(isOfOther(choice)), choice] })),
    unchoose: () => change((data) => ({ ...data, choices: [] })),
    backups: join(folder, 'backups', run),
  }
}

/** More than one command may write. @throws SubagentError `io-failed` */
function changeData(path: string, edit: (data: WiringData) => WiringData): void {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { data, bytes } = load(path)
    const after = Buffer.from(`${JSON.stringify(edit(data), undefined, 2)}\n`)
    if (replaceFile({ path, before: bytes, after }) === 'replaced') return
  }
  throw new SubagentError('io-failed', `others keep writing ${path}`, { hint: 'run it again' })
}

const mostTries = 20

function load(path: string): { data: WiringData; bytes: Buffer | undefined } {
  const file = readText(path)
  if (file.type === 'absent') return { data: { version: 1, files: [], choices: [] }, bytes: undefined }
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

function isOther(record: FileRecord): (written: Written) => boolean {
  const text = JSON.stringify(record)
  return (written) => JSON.stringify(written.record) !== text
}
