import { isPathInside } from '@subagent-mcp/contract'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { createInvalidDefinitionFileError } from './invalid-file-error.js'

/** The most bytes of a definition, of a skill or expertise, and of a prime prompt with its files. */
export const definitionFileSizeLimit = 256 * 1024

/** Reads a text file in `folder`, by real paths, with `\n` line ends. @throws SubagentError `definition-invalid` */
export function readDefinitionText(path: string, folder: string): string {
  const [real, root] = unlessBroken(path, () => [realpathSync(path), realpathSync(folder)])
  if (!isPathInside(root, real)) {
    const hint = 'copy it into the folder, or make the folder itself the link'
    throw wrong(path, `leads to ${real}, outside of ${folder}`, hint)
  }
  const size = unlessBroken(path, () => sizeOf(real))
  if (size > definitionFileSizeLimit)
    throw wrong(path, `has ${size} bytes, above the limit of 256 kB`, 'make it shorter')
  const bytes = unlessBroken(path, () => readFileSync(real))
  return decode(path, bytes)
}

/** The size of a file. Throws for other things, because a pipe could be endless. */
function sizeOf(path: string): number {
  const stats = statSync(path)
  if (!stats.isFile()) throw new Error('it is no file')
  return stats.size
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch (cause) {
    if (cause instanceof TypeError) throw wrong(path, 'is not text in UTF-8', 'save it as UTF-8')
    throw cause
  }
}

function unlessBroken<const T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw wrong(path, `cannot be read (${why})`, 'make it readable, or move it away')
  }
}

function wrong(path: string, message: string, hint: string) {
  return createInvalidDefinitionFileError(path, [{ line: 1, message, hint }])
}
