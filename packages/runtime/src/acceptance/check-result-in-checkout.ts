import type { CheckEvidence, GateEvidence, TurnCheckResult } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  isAgentInTurn,
  willAgentReportUnprompted,
  type Agent,
  type EndedTurn,
  type Supervisor,
} from '@subagent-mcp/core'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { FolderStates } from '@subagent-mcp/worktree'
import { runAcceptanceGates } from './check-acceptance.js'
import { gradeResult } from './grade-result.js'
import type { GateRunner } from './run-gate-command.js'

type Parts = { supervisor: Supervisor; machine: GateRunner; states: FolderStates }

/**
 * Runs the commands of an agent's `accept` in the checkout, where its work is after an apply, and grades its last result by what they
 * find there. @throws SubagentError for an agent without such a result, or one that is at work
 */
export async function checkResultInCheckout(
  { supervisor, machine, states }: Parts,
  { id, environment }: { id: string; environment: Environment },
): Promise<TurnCheckResult> {
  const { agent, turn, check } = lastChecked(supervisor, id)
  const folder = agent.profile.source ?? agent.profile.cwd
  const stateId = `again-${id}`
  await states.keep({ id: stateId, cwd: folder, environment })
  try {
    const inspection = states.inspect(stateId)
    const { now } = (await inspection?.trees()) ?? {}
    const kept = inspection && now !== undefined ? { inspection, now } : undefined
    const { signal } = new AbortController()
    const commands = agent.profile.accept?.run ?? []
    const gates = await runAcceptanceGates(machine, { commands, folder, environment, signal, kept })
    const tree = gates.at(-1)?.after ?? now
    const evidence = check.evidence.map((one) =>
      inCheckout(
        one,
        gates.map(({ gate }) => gate),
        tree,
      ),
    )
    const { grade, why } = gradeResult(evidence)
    const graded: TurnCheckResult = { grade, evidence, ...(why.length > 0 && { why }) }
    supervisor.dispatch({
      ...{ type: 'result-graded', at: supervisor.clock.now() },
      ...{ agentId: id, turnId: turn.id, check: graded },
    })
    return graded
  } finally {
    await states.forget(stateId)
  }
}

/** The evidence about the result in the checkout: with these runs of the commands, on these files. */
function inCheckout(
  one: CheckEvidence,
  gates: readonly Omit<GateEvidence, 'base'>[],
  tree: string | undefined,
): CheckEvidence {
  if (one.type === 'tree') return tree === undefined ? one : { ...one, tree }
  const again = one.type === 'gate' ? gates.find(({ command }) => command === one.command) : undefined
  return one.type === 'gate' && again ? { ...again, base: one.base } : one
}

function lastChecked(
  { state }: Supervisor,
  id: string,
): { agent: Agent; turn: EndedTurn; check: TurnCheckResult } {
  const agent = state().agents.get(id)
  const turn = agent?.turns.at(-1)
  if (!agent || !turn?.check || !agent.profile.accept?.run)
    throw new SubagentError(
      'invalid-parameter',
      `the last result of agent '${id}' was checked by no command`,
      {
        hint: 'launch with accept: { run: ["npm test"] }',
      },
    )
  if (!willAgentReportUnprompted(agent) && !isAgentInTurn(agent.phase))
    return { agent, turn, check: turn.check }
  throw new SubagentError('already-running', `agent '${id}' is at work`, { hint: 'wait for it' })
}
