import { describeGateRun } from '@subagent-mcp/api'
import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import {
  proposeWorktreeSetUp,
  worktreeSetUpFile,
  type ProposedWorktreeSetUp,
  type Worktree,
  type WorktreeSetUp,
  type WorktreeStore,
} from '@subagent-mcp/worktree'
import { runGateCommand, type GateRunner } from '../acceptance/run-gate-command.js'

/** Runs the command that sets a new worktree up. @throws SubagentError with the end of its output, after the worktree is deleted */
export async function setUpWorktree(
  { id, root }: Worktree,
  { run, environment, store, machine }: SetUpRun,
): Promise<void> {
  const { signal } = new AbortController()
  const { outcome, output, code, why } = await runGateCommand(
    { command: run, folder: root, environment, signal },
    machine,
  )
  if (outcome === 'passed') return
  await store.discard(id)
  const message = `the worktree could not be set up: ${run} ${describeGateRun({ outcome, ...omitUndefined({ code, why }) })}${output === '' ? '' : `: ${output.slice(-longestReason)}`}`
  throw new SubagentError('not-supported', message, {
    hint: 'run the command in your checkout, or change worktree.setUp in config.jsonc',
  })
}

type SetUpRun = {
  run: string
  environment: Environment
  machine: GateRunner
  store: Pick<WorktreeStore, 'discard'>
}

/** The most characters of a failed set-up's output in an error. */
const longestReason = 1_000

type SetUpDecisions = {
  setUpOf?: (root: string) => WorktreeSetUp | false | undefined
  include?: readonly string[]
}

/**
 * Describes what new worktrees of a checkout need before its tests run; undefined if the user has decided, or nothing is needed.
 * If the project's proposal has changed since the approval, it is named, and the approved version is used.
 */
export function describeMissingSetUp(
  { setUpOf, include = [] }: SetUpDecisions,
  root: string,
): string | undefined {
  if (!setUpOf) return undefined
  const decided = setUpOf(root)
  if (decided === false || (decided && decided.approved === undefined)) return undefined
  const proposed = proposalOf(root)
  if (typeof proposed === 'string' || !proposed) return proposed
  const { file, setUp } = proposed
  if (decided)
    return setUp.approved === decided.approved
      ? undefined
      : `${worktreeSetUpFile} changed since the user approved it, and the approved set-up is used; to look again: subagent-mcp worktrees --set-up`
  if (setUp.include?.every((glob) => include.includes(glob)) && setUp.run === undefined) return undefined
  const what = file === worktreeSetUpFile ? `what ${file} proposes` : `the packages of ${file}`
  return `to run tests it may need ${what}; the user can say yes once: subagent-mcp worktrees --set-up`
}

/** Returns the set-up that fits a project, or the reason why it cannot be used. */
function proposalOf(root: string): ProposedWorktreeSetUp | string | undefined {
  try {
    return proposeWorktreeSetUp(root)
  } catch (error) {
    if (error instanceof SubagentError) return error.message
    throw error
  }
}
