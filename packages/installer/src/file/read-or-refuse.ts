import { SubagentError } from '@subagent-mcp/contract'
import { readText, type TextFile } from '@subagent-mcp/installer'

/** Reads a file for a plan: one that cannot be read does not keep the others from it. */
export function readOrRefuse(path: string): TextFile {
  try {
    return readText(path)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', path, why: error.message }
    throw error
  }
}

/** A file's text; undefined where there is none that can be read. */
export function textOf(path: string): string | undefined {
  const file = readOrRefuse(path)
  return file.type === 'text' ? file.text : undefined
}
