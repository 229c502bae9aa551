import { readData, type FileChange } from '@subagent-mcp/installer'
import { readOrRefuse } from '../wiring/read-or-refuse.js'

/** What a host's file says; `absent` says nothing and is no trouble. */
export type HostFile =
  { type: 'data'; data: unknown } | { type: 'absent' } | { type: 'unreadable'; why: string }

/** Reads a file as its host does. Never throws. */
export function readHostFile({ host, path, format }: Pick<FileChange, 'host' | 'path' | 'format'>): HostFile {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return { type: 'unreadable', why: file.why }
  if (file.type === 'absent') return { type: 'absent' }
  const read = readData(file.text, format)
  if (read.type === 'refused') return { type: 'unreadable', why: read.why }
  const strange = host === 'codex' && format !== 'toml' ? strangeKeys(read.data) : []
  if (strange.length === 0) return read
  return { type: 'unreadable', why: `it knows no ${strange.join(', ')} there` }
}

/** With any other key beside these Codex passes by its whole file of hooks. */
const hooksFileKeys: readonly string[] = ['description', 'hooks']

function strangeKeys(data: unknown): string[] {
  return Object.keys(data ?? {}).filter((key) => !hooksFileKeys.includes(key))
}
