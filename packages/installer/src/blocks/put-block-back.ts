import { SubagentError } from '@subagent-mcp/contract'
import { makeFolder } from '@subagent-mcp/driver-kit'
import { hashOf, readText, replaceFile } from '@subagent-mcp/installer'
import { dirname } from 'node:path'
import { makeFolder } from '@subagent-mcp/driver-kit'
import { readOrRefuse } from '../wiring/read-or-refuse.js'
import type { UndoneFile } from '../wiring/undo-wiring.js'
import type { Deed } from '../wiring/wiring-data.js'
import type { WiringState } from '../wiring/wiring-state.js'

/** A block that was taken out of a file. */
export type TookOut = Extract<Deed, { type: 'took-out' }>

/** Whether the block would come back; touches nothing. */
export function foreseePutBack({ path, left, backup }: TookOut): UndoneFile {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return { path, type: 'refused', why: file.why }
  const now = file.type === 'text' ? hashOf(Buffer.from(file.text)) : undefined
  if (now === left) return { path, type: 'restored' }
  return { path, type: 'refused', why: `it was written to since; with its block it is ${backup}` }
}

/** Gives a file the bytes back that it had with its block, unless it was written to since. */
export function putBlockBack(deed: TookOut, { change }: WiringState): UndoneFile {
  const { path, backup, mode, records } = deed
  const foreseen = foreseePutBack(deed)
  if (foreseen.type !== 'restored') return foreseen
  try {
    const [file, old] = [readText(path), readText(backup)]
    if (file.type === 'refused' || old.type !== 'text')
      return { path, type: 'refused', why: `its backup is gone: ${backup}` }
    makeFolder(dirname(path), mode & 0o044 ? 0o777 : 0o700)
    const before = file.type === 'text' ? file.bytes : undefined
    const type = replaceFile({ path, before, after: old.bytes, mode })
    if (type !== 'replaced') return { path, type }
  } catch (error) {
    if (error instanceof SubagentError) return { path, type: 'refused', why: error.message }
    throw error
  }
  // Undone from the end: what came before them stays before them.
  change((data) => ({
    ...data,
    files: [...data.files, ...records].sort((left, right) => (left.run < right.run ? -1 : 1)),
  }))
  return foreseen
}
