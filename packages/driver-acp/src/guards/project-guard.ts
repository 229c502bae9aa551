import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import { isDeepStrictEqual } from 'node:util'
import { describeProjectFindings, type ProjectFinding } from './project-files.js'

/**
 * Keeps a session from what files of its project would start or change: variables for its process, the project's
 * instructions when the agent does not read them, and notes for the caller.
 */
export type ProjectGuard = {
  env: Environment
  instructions?: string
  notes: readonly string[]
  files?: Readonly<Record<string, string>>
  /** The process reads settings of this project, so sessions in other folders must not share it. */
  isApart?: true
}

export type GuardedSessionSpec = Pick<
  SessionSpec,
  'cwd' | 'environment' | 'mcp' | 'mcpServers' | 'permissions' | 'asksAll'
>

export type ProjectFilesCheck = (spec: GuardedSessionSpec) => ProjectGuard | { failure: Failure }

/** The result of a project guard that sets no variables and has no notes. */
export const noProjectGuard: ProjectGuard = { env: {}, notes: [] }

/**
 * Whether a session can run in an untrusted folder, where Gemini and qwen start no MCP servers and have only the mode that
 * asks.
 */
export function canRunInUntrustedProject({
  mcp,
  mcpServers = {},
  permissions,
  asksAll,
}: GuardedSessionSpec): boolean {
  const needsServers = (mcp !== 'none' && mcp.length > 0) || Object.keys(mcpServers).length > 0
  return !needsServers && (permissions !== 'accept-edits' || asksAll === true)
}

/** The failure of a launch in a project whose files the agent cannot be kept from reading. */
export function createProjectRefusal(
  label: string,
  findings: readonly ProjectFinding[],
  other?: string,
): Failure {
  // The file comes first, because lists of attempts cut long messages.
  const message = `${label} was not started: ${describeProjectFindings(findings)}; this could start programs, change where requests go or allow calls`
  const ways = ['remove it from the project', other, 'launch the agent with another provider']
  const hint = `${ways.filter((way) => way !== undefined).join(', ')}, or with permissions full-auto`
  return { reason: 'refused', message, hint }
}

/**
 * Checks the project again before a process opens another session. Returns why it must not, when the project has files now
 * that this process was not started against.
 */
export function recheckProjectFiles(
  guard: ProjectFilesCheck,
  spec: GuardedSessionSpec,
  first: ProjectGuard,
): Failure | undefined {
  const again = guard(spec)
  if ('failure' in again) return again.failure
  if (isDeepStrictEqual([again.env, again.files], [first.env, first.files])) return undefined
  const message = `the project's files have changed since this session began: ${again.notes.join('; ')}`
  return { reason: 'refused', message, hint: 'launch a new agent' }
}
