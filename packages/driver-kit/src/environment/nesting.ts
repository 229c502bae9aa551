import type { SessionSpec } from '@subagent-mcp/contract'
import { markVariable } from '../processes/child-mark.js'
import { environmentText, parentOf, variableIn } from '../processes/process-table.js'
import type { Environment } from './environment.js'

/** The variable that tells a child how many sessions of ours it is inside. */
export const depthVariable = 'SUBAGENT_MCP_DEPTH'

/** The variable that tells a child what the agents that it launches may have at most. */
export const ceilingVariable = 'SUBAGENT_MCP_CEILING'

/** The variable that tells a child whose mail it has; empty for nobody's. One that serves sessions of several is not told. */
export const mailboxVariable = 'SUBAGENT_MCP_MAILBOX'

/**
 * What a session's depth and ceiling add to its child's environment. `ps` parts variables at spaces, and /proc is read
 * byte by byte: the ceiling is written in ASCII and without any.
 */
export function depthVariables({
  depth = 1,
  ceiling,
}: Pick<SessionSpec, 'depth' | 'ceiling'>): Record<string, string> {
  return {
    [depthVariable]: String(depth),
    ...(ceiling !== undefined && { [ceilingVariable]: encodeURIComponent(ceiling) }),
  }
}

/** A caller: what its own environment says, and its process. */
type Caller = { environment: Environment; pid?: number }

/**
 * How many sessions of ours a caller is inside: 0 for a host. Codex and Gemini keep their environment from the MCP
 * servers that they start, and anybody can set a variable to less, so all its ancestors are asked too (on Windows none
 * can).
 */
export function depthOf({ environment, pid }: Caller): number {
  const told = readDepth(environment[depthVariable]) ?? 0
  const around = childrenAround(pid).map(({ text }) => readDepth(variableIn(text, depthVariable)) ?? 1)
  return Math.max(told, ...around.map((depth) => Math.max(depth, 1)))
}

/**
 * The ceilings that hold for a caller: those in its own environment and in that of each child of ours around it. None
 * for a host, whatever its environment says.
 */
export function ceilingsOf(caller: Caller): readonly string[] {
  if (depthOf(caller) === 0) return []
  const around = childrenAround(caller.pid).map(({ text }) => variableIn(text, ceilingVariable))
  const told = [caller.environment[ceilingVariable], ...around].filter((text) => text !== undefined)
  return [...new Set(told)].map(readCeiling)
}

/**
 * The name in the mailbox of the session of ours that a caller is inside: what the outermost child around it was started
 * with. What is nearer to the caller that child may have started itself, with any name; above the process `starter`, which
 * starts children, are those that it was itself started by. What the caller says counts where no ancestor can be asked,
 * or was told.
 */
export function mailboxOf({ environment, pid }: Caller, starter = process.pid): string | undefined {
  const child = outermostChild(pid, starter)
  const told = child && variableIn(child.text, mailboxVariable)
  const name = told ?? environment[mailboxVariable]
  return name === '' ? undefined : name
}

/**
 * The child process that a caller is inside of, by its mark, which is no other child's; `undefined` for a host. It is the
 * outermost one, for the same reason as with `mailboxOf`. The pid is missing where no ancestor can be asked.
 */
export function childAround(
  { environment, pid }: Caller,
  starter = process.pid,
): { mark: string; pid?: number } | undefined {
  const child = outermostChild(pid, starter)
  if (child) return { mark: variableIn(child.text, markVariable) ?? '', pid: child.pid }
  const mark = environment[markVariable]
  return mark === undefined ? undefined : { mark }
}

function outermostChild(pid: number | undefined, starter: number): Marked | undefined {
  return childrenAround(pid, pid === starter ? undefined : starter).at(-1)
}

/** Far more than a host, its shells, our shim and the agents between them come to. */
const farthestAncestor = 64

type Marked = { pid: number; text: string }

/**
 * The environments of those that carry our mark among a process and its ancestors, below `end`. Not the nearest alone: that is the
 * process itself where it inherits the mark, and what it says of itself it may have been told by a project.
 */
function childrenAround(pid = 0, end = 1, further = farthestAncestor): readonly Marked[] {
  if (further === 0 || pid <= 1 || pid === end || process.platform === 'win32') return []
  const text = environmentText(pid)
  const around = childrenAround(parentOf(pid), end, further - 1)
  return variableIn(text, markVariable) === undefined ? around : [{ pid, text }, ...around]
}

function readDepth(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

/** What is no text of ours comes as it is: its reader says what becomes of it. */
function readCeiling(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    if (cause instanceof URIError) return text
    throw cause
  }
}
