import { SubagentError } from '@subagent-mcp/contract'
import { readText, type ReadText } from '@subagent-mcp/installer'

/** Reads a file for a plan: one that cannot be read does not keep the others from it. */
export const readOrRefuse: ReadText = (path) => {
  try {
    return readText(path)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', why: error.message }
    throw error
  }
}
