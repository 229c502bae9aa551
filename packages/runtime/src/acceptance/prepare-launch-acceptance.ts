import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { getCallerState, findRepeatedLaunch, type LaunchRequest, type Supervisor } from '@subagent-mcp/core'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { requireReviewerProvider } from './review-agent-work.js'

/** The caller of a launch, and the parts that prepare the check of its results. */
export type AcceptanceContext = {
  supervisor: Supervisor
  caller: string
  kind: 'host' | 'worker' | 'request'
  /** Returns the commands that the project proposes and the user approved. @throws SubagentError that says how to approve them */
  projectGates?: ((project: string) => readonly string[]) | undefined
}

/**
 * Checks what the `accept` of a launch, or of its definition, asks for. Returns the launch with the commands that need no judgement:
 * those of a person, and those that the project proposes and the user approved, where `accept` names no check.
 * @throws SubagentError for a review without a second provider, commands that are not approved, files that cannot be compared
 */
export function prepareLaunchAcceptance(parts: AcceptanceContext, request: LaunchRequest): LaunchRequest {
  const { supervisor, caller, kind, projectGates = noneProposed } = parts
  const accept = request.accept ?? request.template?.accept
  if (!accept || findRepeatedLaunch(supervisor, caller, request)) return request
  const { project, depth } = getCallerState(supervisor.state(), caller, request.cwd)
  const { run, files, review } = accept
  const budget = request.budget ?? request.template?.budget
  const proposed = run || files || review ? undefined : projectGates(project)
  // Commands that a person typed need no further approval.
  const gates = proposed ?? (kind === 'request' && depth === 0 ? request.accept?.run : undefined)
  const worker = request.provider ?? request.template?.candidate.provider
  requireReviewerProvider(supervisor, { caller, project, ...omitUndefined({ review, worker, budget }) })
  const isCheckout = existsSync(join(findProjectRoot(request.cwd), '.git'))
  if (!isCheckout && (files || review)) throw notComparable(request.cwd)
  const remarks = isCheckout ? [] : [`${request.cwd} is in no git checkout, so a result is at most checked`]
  return {
    ...request,
    ...(gates && { gates }),
    ...(remarks.length > 0 && { remarks: [...(request.remarks ?? []), ...remarks] }),
  }
}

function noneProposed(project: string): never {
  throw new SubagentError('invalid-parameter', `accept names no check, and ${project} proposes none`, {
    hint: 'give run, files or review',
  })
}

function notComparable(folder: string): SubagentError {
  const message = `accept: ${folder} is in no git checkout, so files and review cannot be compared with the state before`
  return new SubagentError('not-supported', message, {
    hint: 'make the folder a git repository with a commit, or give only accept.run',
  })
}
