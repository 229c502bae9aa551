import type {
  AcceptanceOptions,
  CheckEvidence,
  GateEvidence,
  GateRunResult,
  GitTreeEvidence,
} from '@subagent-mcp/api'
import type { Agent, TurnToCheck } from '@subagent-mcp/core'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { AgentWorkInspection } from '@subagent-mcp/worktree'
import { join, relative } from 'node:path/posix'
import { readAgentFacts, joinTaskTexts } from '../agents/read-agent-facts.js'
import type { RuntimeState } from '../state/runtime-state.js'
import { findChangedGateFiles, checkChangedFiles } from './gate-files.js'
import { writeReviewerPrompt } from './acceptance-texts.js'
import { reviewAgentWork, type ReviewerContext } from './review-agent-work.js'
import {
  isMissingDependencyFailure,
  createSkippedGateRun,
  runGateCommand,
  type GateRunner,
} from './run-gate-command.js'

export type AcceptanceCheckContext = ReviewerContext & {
  machine: GateRunner
  /** Opens the changed files of an agent for inspection; undefined if the files before its work were not kept. */
  inspect(agentId: string): Promise<AgentWorkInspection | undefined>
  /** The facts of agents, in which a reviewer's task is found. */
  history: RuntimeState['history']
}

/** The most names of files in one part of the evidence. */
const mostNames = 50

/** Checks an agent's work by the `accept` of its launch, and returns what was found. Nothing more is started when `signal` aborts. */
export async function checkAcceptance(
  parts: AcceptanceCheckContext,
  { agent }: Pick<TurnToCheck, 'agent'>,
  signal: AbortSignal,
): Promise<readonly CheckEvidence[]> {
  const { id, accept = {} } = agent.profile
  const environment = parts.environments.of(agent.actor)
  const work: Work = { agent, accept, environment, signal, kept: await keptWork(parts, id) }
  const { cwd: folder } = agent.profile
  const gates = await runAcceptanceGates(parts.machine, { ...work, commands: accept.run ?? [], folder })
  const last = gates.at(-1)?.after ?? work.kept?.now
  const tree = await treeEvidence(work, last)
  const compared = await compareWithBase(
    parts,
    work,
    gates.map(({ gate }) => gate),
  )
  const evidence: CheckEvidence[] = [tree, ...compared, ...filesEvidence(work)]
  if (accept.review === undefined || evidence.some(({ passed }) => !passed)) return evidence
  return [...evidence, await reviewEvidence(parts, work, { evidence, last })]
}

/** The files of an agent before its work and now, as the ids of git trees, and the paths that differ, relative to `root`. */
type KeptWork = {
  inspection: AgentWorkInspection
  root: string
  /** The agent's folder below the root, with `/`; empty if it is the root. */
  folder: string
  base: string
  now: string
  changed: readonly string[]
}

async function keptWork({ inspect }: AcceptanceCheckContext, id: string): Promise<KeptWork | undefined> {
  const inspection = await inspect(id)
  if (!inspection) return undefined
  const { base, now } = await inspection.trees()
  const changed = base === now ? [] : await inspection.changed(base, now)
  return { inspection, ...(await inspection.place()), base, now, changed }
}

type Work = {
  agent: Agent
  accept: AcceptanceOptions
  environment: Environment
  signal: AbortSignal
  kept: KeptWork | undefined
}

type GateOnTree = { gate: Omit<GateEvidence, 'base'>; after: string | undefined }

/** The commands to run, where, and the files there, if they can be compared. */
export type GateRunPlan = {
  commands: readonly string[]
  folder: string
  environment: Environment
  signal: AbortSignal
  kept: Pick<KeptWork, 'inspection' | 'now'> | undefined
}

/** Runs commands one after another, and notes which files each has changed. */
export async function runAcceptanceGates(
  machine: GateRunner,
  { commands, folder, environment, signal, kept }: GateRunPlan,
): Promise<readonly GateOnTree[]> {
  const done: GateOnTree[] = []
  let before = kept?.now
  for (const command of commands) {
    const run = signal.aborted
      ? createSkippedGateRun('the check was cancelled')
      : await runGateCommand({ command, folder, environment, signal }, machine)
    const after = (await kept?.inspection.trees())?.now
    const altered =
      kept && before !== undefined && after !== undefined && before !== after
        ? await kept.inspection.changed(before, after)
        : []
    const gate = {
      ...({ type: 'gate', passed: run.outcome === 'passed', command, ...run } as const),
      ...(before !== undefined && { tree: before }),
      altered: altered.slice(0, mostNames),
    }
    done.push({ gate, after })
    before = after
  }
  return done
}

/**
 * Adds to each gate the outcome of its command on the files before the agent's work. These files never change, so a run of an
 * earlier check of the agent counts.
 */
async function compareWithBase(
  { machine }: AcceptanceCheckContext,
  { agent, environment, signal, kept }: Work,
  gates: readonly Omit<GateEvidence, 'base'>[],
): Promise<readonly GateEvidence[]> {
  const known = new Map<string, GateRunResult>()
  for (const { check } of agent.turns)
    for (const one of check?.evidence ?? []) if (one.type === 'gate') known.set(one.command, one.base)
  const compared: GateEvidence[] = []
  let folder: string | undefined
  try {
    for (const gate of gates) {
      const { outcome, code, durationMs, output } = gate
      const same = { outcome, durationMs, output, ...(code !== undefined && { code }) }
      let found = known.get(gate.command) ?? (kept?.base === kept?.now ? same : undefined)
      if (!found && kept && outcome !== 'not-run' && !signal.aborted) {
        folder ??= await kept.inspection.checkOut(kept.base)
        found = comparable(
          await runGateCommand({ command: gate.command, folder, environment, signal }, machine),
        )
      }
      compared.push({
        ...gate,
        base: found ?? createSkippedGateRun('the state before the work is not known'),
      })
    }
  } finally {
    if (folder !== undefined) await kept?.inspection.removeCheckout()
  }
  return compared
}

/** A gate that failed before the agent's work only because ignored files, such as dependencies, are not in the copy proves nothing. */
function comparable(run: GateRunResult): GateRunResult {
  if (run.outcome === 'passed' || !isMissingDependencyFailure(run.code, run.output)) return run
  return {
    ...run,
    outcome: 'not-run',
    why: 'the copy of the base has no files that git ignores, such as node_modules',
  }
}

async function treeEvidence({ accept, kept }: Work, last: string | undefined): Promise<GitTreeEvidence> {
  const common = { type: 'tree', passed: true } as const
  if (!kept || last === undefined)
    return {
      ...common,
      problem: 'the state before the work was not kept',
      changed: 0,
      files: [],
      gateFiles: [],
    }
  const { inspection, base, now, changed, folder } = kept
  const gateFiles = await findChangedGateFiles(changed, {
    commands: accept.run ?? [],
    folder,
    readTexts: async (path) => ({
      before: await inspection.text(base, path),
      after: await inspection.text(now, path),
    }),
  })
  return {
    ...{ ...common, tree: last, changed: changed.length, files: changed.slice(0, mostNames) },
    gateFiles: gateFiles.slice(0, mostNames),
  }
}

function filesEvidence({ accept: { files }, kept }: Work): readonly CheckEvidence[] {
  if (!files) return []
  if (!kept) return [{ type: 'files', passed: false, outside: [], missed: files.must ?? [] }]
  const paths = kept.changed.map((path) => relative(join('/', kept.folder), join('/', path)))
  const { outside, missed } = checkChangedFiles(paths, files)
  const passed = outside.length === 0 && missed.length === 0
  return [{ type: 'files', passed, outside: outside.slice(0, mostNames), missed }]
}

/** Lets an agent of another provider review the work; without changes there is nothing to review. */
async function reviewEvidence(
  parts: AcceptanceCheckContext,
  { agent, kept, signal }: Work,
  { evidence, last }: { evidence: readonly CheckEvidence[]; last: string | undefined },
): Promise<CheckEvidence> {
  const none = (problem: string): CheckEvidence => ({ type: 'review', passed: false, findings: [], problem })
  if (!kept || last === undefined) return none('the state before the work is not known')
  if (kept.base === last) return none('no file was changed')
  const diff = await kept.inspection.diff(kept.base, last)
  const task = joinTaskTexts(readAgentFacts(parts.history, agent.profile.id))
  const prompt = writeReviewerPrompt({ task, diff, evidence, folder: kept.root })
  return reviewAgentWork(parts, { agent, prompt, tree: last, signal })
}
