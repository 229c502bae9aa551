import { SubagentError } from '@subagent-mcp/contract'
import { realpathSync } from 'node:fs'
import { exitCode } from '../exit.js'
import { existingFolder, projectOf } from '../settings/folders.js'
import { codexLimitNotes, codexOverrideNotes } from '../blocks/codex-limit.js'
import { globalFiles, projectFiles, type InstructionFile } from '../blocks/instruction-files.js'
import { machineOf } from '../wiring/machine-of.js'
import { isOwnRepository } from '../blocks/own-repository.js'
import { planBlocks, planRemovals, type BlockPlan } from '../blocks/plan-blocks.js'
import { openWiringState } from '../wiring/wiring-state.js'
import { recordsOf, takeOutBlocks, writeBlocks, type BlockRegistry } from '../blocks/write-blocks.js'
import type { Terminal } from '../terminal/terminal.js'
import { showBlockOutcomes, showBlockPlans } from './init-report.js'
import type { InitOrder } from './init-order.js'

/** Puts our block into the files that hosts read, or takes it out, and says what became of each. */
export async function initFiles(order: InitOrder, terminal: Terminal): Promise<number> {
  const registry = openWiringState(terminal.environment, terminal.now())
  const { plans, notes } = planFor(order, terminal, registry)
  const report = { notes, json: order.json }
  if (order.dryRun) {
    await showBlockPlans(plans, report, terminal)
    return codeFor(plans)
  }
  const outcomes = order.remove ? takeOutBlocks(plans, registry) : writeBlocks(plans, registry)
  await showBlockOutcomes(outcomes, report, terminal)
  return codeFor(outcomes)
}

function codeFor(results: readonly { type: string }[]): number {
  return results.some(({ type }) => type === 'refused') ? exitCode.failed : exitCode.done
}

type Planned = { plans: BlockPlan[]; notes: string[] }

function planFor(order: InitOrder, terminal: Terminal, registry: BlockRegistry): Planned {
  const { where, remove, force } = order
  if (where.type === 'global') return planGlobal(remove, terminal, registry)
  const root = realpathSync(existingFolder(where.root, terminal.cwd))
  const project = projectOf(root)
  if (!force && isOwnRepository(project)) throw ownSource(project)
  const files = projectFiles({ ...where, root })
  if (remove) return { plans: removals(files, project, registry), notes: [] }
  const plans = planBlocks(files, project)
  return { plans, notes: [...codexLimitNotes(plans, { root, project }), ...codexOverrideNotes(plans)] }
}

/** Of hosts that are not here nothing is made, but what was written for one is removed all the same. */
function planGlobal(remove: boolean, terminal: Terminal, registry: BlockRegistry): Planned {
  const all = globalFiles(machineOf(terminal))
  const ofAll = all.map(({ file }) => file)
  if (remove) return { plans: removals(ofAll, undefined, registry), notes: [] }
  const plans = planBlocks(all.flatMap(({ isPresent, file }) => (isPresent ? [file] : [])))
  const absent = all.flatMap(({ isPresent, label }) =>
    isPresent ? [] : [`${label} was not found: nothing to do for it`],
  )
  return { plans, notes: [...absent, ...codexOverrideNotes(plans)] }
}

function removals(
  files: readonly InstructionFile[],
  project: string | undefined,
  registry: BlockRegistry,
): BlockPlan[] {
  return planRemovals(files, project, (path) => recordsOf(registry, path)[0]?.before.type === 'text')
}

function ownSource(project: string): SubagentError {
  const hint = 'its instructions are for those who write it; --force writes all the same'
  return new SubagentError('invalid-parameter', `${project} is the source of subagent-mcp`, { hint })
}
