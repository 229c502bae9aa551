import type { SessionSpec } from '@subagent-mcp/contract'
import { childMarkVariable } from '../processes/find-processes.js'
import { readEnvironmentText, readParentPid, findVariableInText } from '../processes/process-table.js'
import type { Environment } from './environment.js'

/** The variable with the number of agent sessions that a child runs inside. */
export const nestingDepthVariable = 'SUBAGENT_MCP_DEPTH'

/** The variable with the most permissions that agents launched by a child may have. */
export const permissionCeilingVariable = 'SUBAGENT_MCP_CEILING'

/** The variable with the mailbox name of a child; empty for none. Not set for a process that serves several mailboxes. */
export const mailboxNameVariable = 'SUBAGENT_MCP_MAILBOX'

/**
 * The variables for the depth and the ceiling of a session. The ceiling is written in ASCII without spaces, because `ps`
 * separates variables by spaces and /proc is read as bytes.
 */
export function createNestingVariables({
  depth = 1,
  ceiling,
}: Pick<SessionSpec, 'depth' | 'ceiling'>): Record<string, string> {
  return {
    [nestingDepthVariable]: String(depth),
    ...(ceiling !== undefined && { [permissionCeilingVariable]: encodeURIComponent(ceiling) }),
  }
}

/** A process that calls the daemon: its environment, and its pid when it is known. */
type Caller = { environment: Environment; pid?: number }

/**
 * The number of agent sessions that a caller runs inside; 0 for a host. The environments of all its ancestors count too,
 * because Codex and Gemini do not pass their environment to MCP servers, and a process can set the variable to less. On
 * Windows ancestors cannot be read.
 */
export function computeNestingDepth({ environment, pid }: Caller): number {
  const own = readDepth(environment[nestingDepthVariable]) ?? 0
  const around = childrenAround(pid).map(
    ({ text }) => readDepth(findVariableInText(text, nestingDepthVariable)) ?? 1,
  )
  return Math.max(own, ...around.map((depth) => Math.max(depth, 1)))
}

/**
 * The ceilings for a caller: that of its own environment, and those of all marked children that it runs inside. None for a
 * host, whatever its environment says.
 */
export function findPermissionCeilings(caller: Caller): readonly string[] {
  if (computeNestingDepth(caller) === 0) return []
  const around = childrenAround(caller.pid).map(({ text }) =>
    findVariableInText(text, permissionCeilingVariable),
  )
  const texts = [caller.environment[permissionCeilingVariable], ...around].filter(
    (text) => text !== undefined,
  )
  return [...new Set(texts)].map(readCeiling)
}

/**
 * The mailbox name of the agent session that a caller runs inside; undefined for none. The outermost marked child below
 * `starter`, the process that starts children, decides, because that child could have started inner ones with any name.
 * Without a name there the caller's own environment counts.
 */
export function findCallerMailboxName(
  { environment, pid }: Caller,
  starter = process.pid,
): string | undefined {
  const child = outermostChild(pid, starter)
  const named = child && findVariableInText(child.text, mailboxNameVariable)
  const name = named ?? environment[mailboxNameVariable]
  return name === '' ? undefined : name
}

/**
 * The mark and pid of the child process that a caller runs inside; undefined for a host. It is the outermost one, for the
 * same reason as in `findCallerMailboxName`. The pid is missing where ancestors cannot be read.
 */
export function findEnclosingChild(
  { environment, pid }: Caller,
  starter = process.pid,
): { mark: string; pid?: number } | undefined {
  const child = outermostChild(pid, starter)
  if (child) return { mark: findVariableInText(child.text, childMarkVariable) ?? '', pid: child.pid }
  const mark = environment[childMarkVariable]
  return mark === undefined ? undefined : { mark }
}

function outermostChild(pid: number | undefined, starter: number): Marked | undefined {
  return childrenAround(pid, pid === starter ? undefined : starter).at(-1)
}

/** More ancestors than a host, its shells, the shim and nested agents ever have. */
const farthestAncestor = 64

type Marked = { pid: number; text: string }

/**
 * The marked processes among a process and its ancestors below `end`, the innermost first. All of them, because the process
 * itself inherits the mark, and a project may have changed its environment.
 */
function childrenAround(pid = 0, end = 1, further = farthestAncestor): readonly Marked[] {
  if (further === 0 || pid <= 1 || pid === end || process.platform === 'win32') return []
  const text = readEnvironmentText(pid)
  const around = childrenAround(readParentPid(pid), end, further - 1)
  return findVariableInText(text, childMarkVariable) === undefined ? around : [{ pid, text }, ...around]
}

/** How far above a connection the host's own process can be: a package runner and two shells may lie between them. */
const farthestHost = 4

/** The ids of the processes directly above a host's connection, the nearest first; empty where they cannot be read. */
export function findHostPids(pid: number): readonly number[] {
  if (process.platform === 'win32') return []
  const processes: number[] = []
  for (let next = readParentPid(pid); next !== undefined && next > 1; next = readParentPid(next)) {
    processes.push(next)
    if (processes.length === farthestHost) break
  }
  return processes
}

function readDepth(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

/** Decodes a ceiling. A text that was not encoded is returned as it is, and the reader of ceilings refuses it. */
function readCeiling(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    if (cause instanceof URIError) return text
    throw cause
  }
}
