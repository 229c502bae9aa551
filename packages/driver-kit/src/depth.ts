import type { Environment } from './child-environment.js'
import { markVariable } from './mark.js'
import { environmentText, parentOf, variableIn } from './process-table.js'

/** The variable that tells a child how many sessions of ours it is inside. */
export const depthVariable = 'SUBAGENT_MCP_DEPTH'

/** What a session's depth adds to its child's environment. */
export function depthVariables({ depth = 1 }: { depth?: number }): { [depthVariable]: string } {
  return { [depthVariable]: String(depth) }
}

/**
 * How many sessions of ours a caller is inside: 0 for a host. Codex and Gemini keep their environment from the MCP
 * servers that they start, and anybody can set a variable to less, so its ancestors are asked too (on Windows none can).
 */
export function depthOf({ environment, pid }: { environment: Environment; pid?: number }): number {
  const told = readDepth(environment[depthVariable]) ?? 0
  return pid === undefined ? told : Math.max(told, depthAround(pid, farthestAncestor))
}

/** Far more than a host, its shells and our shim come to. */
const farthestAncestor = 32

/** The depth of the nearest child of ours among a process and its ancestors. */
function depthAround(pid: number, further: number): number {
  if (further === 0 || pid <= 1 || process.platform === 'win32') return 0
  const text = environmentText(pid)
  if (variableIn(text, markVariable) !== undefined) {
    return Math.max(1, readDepth(variableIn(text, depthVariable)) ?? 1)
  }
  const parent = parentOf(pid)
  return parent === undefined ? 0 : depthAround(parent, further - 1)
}

function readDepth(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}
