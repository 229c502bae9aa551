import { SubagentError } from '@subagent-mcp/contract'
import {
  createDiskToolCallContext,
  chooseStricterPreset,
  resolveCallPath,
  type ToolCallContext,
} from '@subagent-mcp/permissions'
import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import type { AgentMessage, AgentProfile, AttachedFile } from '../agent/agent.js'
import { getAgentAuthority } from '../launch/session-rights.js'
import type { ToolCallJudge, JudgedAgent } from '../questions/tool-call-ruling.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { detectImageType, maxImageSignatureBytes } from './image-type.js'

/** The most bytes of an image. The Anthropic API takes 5 MB of Base64. */
export const maxImageBytes = 3_750_000
/** The most bytes of all images of a message. The Anthropic API takes requests of 32 MB. */
const mostImageBytesInAll = 20_000_000
/** The most bytes of a file that is no image. The agent reads it by its path. */
const mostFileBytes = 50_000_000

/**
 * Checks the files that a message hands to an agent, and returns the field of the message with their real paths; no field
 * without files. A relative path starts in the agent's folder. Attaching counts as a read by the agent. @throws SubagentError
 * that names the file: `above-ceiling` for one that the agent may not read without a question, `invalid-parameter` for a
 * missing, unreadable or too large file, and for a folder
 */
export function resolveAttachedFiles(
  { judge }: Pick<Supervisor, 'judge'>,
  profile: Pick<AgentProfile, 'cwd' | 'project' | 'authority'>,
  names: readonly string[] = [],
): Pick<AgentMessage, 'files'> {
  if (names.length === 0) return {}
  const place = createDiskToolCallContext(profile.cwd)
  const { cwd, project } = profile
  const agent = { provider: 'claude', cwd, project, authority: getAgentAuthority(profile) }
  const paths = names.map((name) => allowedPath(name, { judge, agent, place }))
  const found = [...new Set(paths)].map(inspectFile)
  const total = found.reduce((sum, { isImage, size }) => sum + (isImage ? size : 0), 0)
  if (total > mostImageBytesInAll) throw tooLarge('the images together have', total, mostImageBytesInAll)
  return { files: found.map(({ isImage: _, ...file }) => file) }
}

type Asked = { judge: ToolCallJudge; agent: JudgedAgent; place: ToolCallContext }

function allowedPath(name: string, { judge, agent, place }: Asked): string {
  const path = resolveCallPath(name, place)
  if (path === undefined) throw refused(name, 'no program opens it as one file', 'give the path of a file')
  // The preset full-auto would also read credentials.
  const preset = chooseStricterPreset(agent.authority.preset, 'accept-edits')
  const decision = judge(
    { tool: 'Read', input: { file_path: path } },
    { ...agent, authority: { ...agent.authority, preset } },
  )
  if (decision.verdict === 'allow') return path
  throw new SubagentError('above-ceiling', `files: the agent may not read ${path} (${decision.by})`, {
    hint: "attach a file without secrets that the agent's permissions allow",
  })
}

function inspectFile(path: string): AttachedFile & { isImage: boolean } {
  const stats = statsOf(path)
  if (!stats.isFile())
    throw refused(path, stats.isDirectory() ? 'it is a folder' : 'it is no regular file', 'give files')
  const isImage = detectImageType(beginningOf(path)) !== undefined
  const most = isImage ? maxImageBytes : mostFileBytes
  if (stats.size > most) throw tooLarge(`${isImage ? 'the image ' : ''}${path} has`, stats.size, most)
  return { path, size: stats.size, modified: stats.mtimeMs, isImage }
}

function statsOf(path: string): Stats {
  try {
    return statSync(path)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function beginningOf(path: string): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(maxImageSignatureBytes)
      return bytes.subarray(0, readSync(file, bytes, 0, maxImageSignatureBytes, 0))
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): SubagentError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const why = code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`
  return refused(path, why, 'give existing files; relative paths start in the folder of the agent')
}

function refused(path: string, why: string, hint: string): SubagentError {
  return new SubagentError('invalid-parameter', `files: ${path} cannot be attached: ${why}`, { hint })
}

function tooLarge(what: string, size: number, most: number): SubagentError {
  const hint = 'attach a smaller one, or name its path in the prompt'
  return new SubagentError('invalid-parameter', `files: ${what} ${size} bytes, ${most} at most`, { hint })
}
