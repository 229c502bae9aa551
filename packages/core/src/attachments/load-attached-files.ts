import { isMissingFileError, type MessageFile, type SessionCommand } from '@subagent-mcp/contract'
import { createDiskToolCallContext } from '@subagent-mcp/permissions'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { AttachedFile } from '../agent/agent.js'
import { maxImageBytes } from './resolve-attached-files.js'
import { detectImageType } from './image-type.js'

/**
 * Adds the attached files of a message to the command that sends it: images with their content, others by path. A file that was
 * changed, replaced by a link or removed since has a `problem`.
 */
export function loadAttachedFiles(
  command: SessionCommand & { type: 'prompt' | 'steer' },
  files: readonly AttachedFile[],
): typeof command & { files: readonly MessageFile[] } {
  return { ...command, files: files.map(loadFile) }
}

function loadFile({ path, size, modified }: AttachedFile): MessageFile {
  // The permission to read was given for the file at attaching, not for one that a link names now.
  if (createDiskToolCallContext('/').realPath(path) !== path) return { path, problem: 'it is now a link' }
  try {
    const file = openSync(path, 'r')
    try {
      const stats = fstatSync(file)
      const isSame = stats.size === size && stats.mtimeMs === modified
      const loaded = stats.isFile() && stats.size <= maxImageBytes ? imageOf(readFileSync(file)) : {}
      return { path, ...loaded, ...(!isSame && { problem: 'it has changed since it was attached' }) }
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    return { path, problem: isMissingFileError(cause) ? 'it no longer exists' : 'it can no longer be read' }
  }
}

function imageOf(content: Buffer): Pick<MessageFile, 'image'> {
  const type = detectImageType(content)
  return type ? { image: { type, data: content.toString('base64') } } : {}
}
