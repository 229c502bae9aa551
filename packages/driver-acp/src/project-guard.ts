import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'

/**
 * How a session is kept from what the files of its project would start or change: variables for its process, the
 * project's instructions where the agent does not read them by itself then, and notes for the caller.
 */
export type ProjectGuard = {
  env: Environment
  instructions?: string
  notes: readonly string[]
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
 * Looks again before a process makes another session: why it must not, where the project has since got files against
 * which the process was not started.
 */
export function guardAgain(guard: GuardProject, spec: GuardedSpec, first: ProjectGuard): Failure | undefined {
  const again = guard(spec)
  if ('failure' in again) return again.failure
  if (JSON.stringify(again.env) === JSON.stringify(first.env)) return undefined
  const message = `the project's files have changed since this session began: ${again.notes.join('; ')}`
  return { reason: 'refused', message, hint: 'launch a new agent' }
}
