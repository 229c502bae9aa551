import { isMissingFileError } from '@subagent-mcp/contract'
import { lstatSync, type BigIntStats } from 'node:fs'

/** The stats of a file, folder or link itself. Undefined for a missing one, also below a file. @throws the system's error */
export function readFileStats(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true })
  } catch (error) {
    if (isMissingFileError(error)) return undefined
    throw error
  }
}
