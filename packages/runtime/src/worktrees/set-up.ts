import { gateEnd } from '@subagent-mcp/api'
import { defined, SubagentError } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import { proposeSetUp, type Worktree, type WorktreeSetUp, type WorktreeStore } from '@subagent-mcp/worktree'
import { runGate, type GateMachine } from '../acceptance/run-gate.js'

/** Runs the command that sets a new worktree up. @throws SubagentError with the end of its output, after the worktree is deleted */
export async function setUpWorktree(
  { id, root }: Worktree,
  { run, environment, store, machine }: SetUpRun,
): Promise<void> {
  const { signal } = new AbortController()
  const { outcome, output, code, why } = await runGate(
    { command: run, folder: root, environment, signal },
    machine,
  )
  if (outcome === 'passed') return
  await store.discard(id)
  const message = `the worktree could not be set up: ${run} ${gateEnd({ outcome, ...defined({ code, why }) })}${output === '' ? '' : `: ${output.slice(-longestReason)}`}`
  throw new SubagentError('not-supported', message, {
    hint: 'run it in your checkout, or change worktree.setUp in config.jsonc',
  })
}

type SetUpRun = {
  run: string
  environment: Environment
  machine: GateMachine
  store: Pick<WorktreeStore, 'discard'>
}

/** The most characters of a failed set-up's output in an error. */
const longestReason = 1_000

type SetUpDecisions = {
  setUpOf?: (root: string) => WorktreeSetUp | false | undefined
  include?: readonly string[]
}

/** Says what new worktrees of a checkout would need to run its tests; undefined if the user decided on it, or nothing is needed. */
export function missingSetUp({ setUpOf, include = [] }: SetUpDecisions, root: string): string | undefined {
  const proposed = setUpOf && setUpOf(root) === undefined ? proposeSetUp(root) : undefined
  if (!proposed || proposed.setUp.include?.every((glob) => include.includes(glob))) return undefined
  return `to run tests it may need the packages of ${proposed.lockFile}; the user can say yes once: subagent-mcp worktrees --set-up`
}
