import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import { isDeepStrictEqual } from 'node:util'
import { describeFindings, type Finding } from './project-files.js'

/**
 * How a session is kept from what the files of its project would start or change: variables for its process, the
 * project's instructions where the agent does not read them by itself then, and notes for the caller.
 */
export type ProjectGuard = {
  env: Environment
  instructions?: string
  notes: readonly string[]
  /** Files for its process, by the variable in which the process finds the path of each. */
  files?: Readonly<Record<string, string>>
  /** The process reads settings of this project, so that sessions elsewhere must not share it. */
  isApart?: true
}

/** The part of a session spec that decides on it. */
export type GuardedSpec = Pick<
  SessionSpec,
  'cwd' | 'environment' | 'mcp' | 'mcpServers' | 'permissions' | 'asksAll'
>

/** Looks at a project's files before a session reads them. */
export type GuardProject = (spec: GuardedSpec) => ProjectGuard | { failure: Failure }

/** Nothing is switched off. */
export const unguarded: ProjectGuard = { env: {}, notes: [] }

/**
 * Whether a session can be in a folder that its agent does not trust: Gemini and qwen start no MCP servers there, and have
 * no other mode than the one that asks.
 */
export function canBeUntrusted({ mcp, mcpServers = {}, permissions, asksAll }: GuardedSpec): boolean {
  const needsServers = (mcp !== 'none' && mcp.length > 0) || Object.keys(mcpServers).length > 0
  return !needsServers && (permissions !== 'accept-edits' || asksAll === true)
}

/** The failure of a launch in a project with files of which an agent cannot be kept, with the next step. */
export function projectRefusal(label: string, findings: readonly Finding[], other?: string): Failure {
  // The file comes first: where attempts are listed, a message is cut.
  const message = `${label} was not started: ${describeFindings(findings)}; this could start programs, change where requests go or allow calls`
  const ways = ['remove it from the project', other, 'launch the agent with another provider']
  const hint = `${ways.filter((way) => way !== undefined).join(', ')}, or with permissions full-auto`
  return { reason: 'refused', message, hint }
}

/**
 * Looks again before a process makes another session: why it must not, where the project has since got files against
 * which the process was not started.
 */
export function guardAgain(guard: GuardProject, spec: GuardedSpec, first: ProjectGuard): Failure | undefined {
  const again = guard(spec)
  if ('failure' in again) return again.failure
  if (isDeepStrictEqual([again.env, again.files], [first.env, first.files])) return undefined
  const message = `the project's files have changed since this session began: ${again.notes.join('; ')}`
  return { reason: 'refused', message, hint: 'launch a new agent' }
}
