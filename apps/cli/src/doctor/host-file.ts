import { readData, readOrRefuse, type FileChange } from '@subagent-mcp/installer'

/** What a host's file says; `absent` says nothing and is no trouble. */
export type HostFile =
  | { type: 'data'; data: unknown }
  | { type: 'absent' }
  | { type: 'unreadable'; why: string }

/** Reads a file as its host does. Never throws. */
export function readHostFile({
  path,
  format,
  topLevelKeys,
}: Pick<FileChange, 'path' | 'format' | 'topLevelKeys'>): HostFile {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return { type: 'unreadable', why: file.why }
  if (file.type === 'absent') return { type: 'absent' }
  const read = readData(file.text, format, topLevelKeys)
  return read.type === 'refused' ? { type: 'unreadable', why: read.why } : read
}
