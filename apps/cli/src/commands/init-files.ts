import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCode } from '../exit.js'
import { projectOf } from '../mode/project-root.js'
import { codexLimitNotes, codexOverrideNotes } from '../blocks/codex-limit.js'
import { globalFiles, projectFiles, type InstructionFile } from '../blocks/instruction-files.js'
import { machineOf } from '../wiring/machine-of.js'
import { isOwnRepository } from '../blocks/own-repository.js'
import { isWithin, planBlocks, planRemovals, type BlockPlan } from '../blocks/plan-blocks.js'
import { openWiringState } from '../wiring/wiring-state.js'
import {
  filesWithBlock,
  firstRecord,
  takeOutBlocks,
  writeBlocks,
  type BlockRegistry,
} from '../blocks/write-blocks.js'
import type { Terminal } from '../terminal/terminal.js'
import { showBlockOutcomes, showBlockPlans } from './init-report.js'

/** Which files get the block, or lose it. */
export type InitOrder = {
  where:
    | { type: 'global' }
    | { type: 'project'; root: string; files?: string[]; copilot: boolean; cursor: boolean }
  dryRun: boolean
  remove: boolean
  force: boolean
  json: boolean
}

/** Puts our block into the files that hosts read, or takes it out, and says what became of each. */
export async function initFiles(order: InitOrder, terminal: Terminal): Promise<number> {
  const registry = openWiringState(terminal.environment, terminal.now(), 'init')
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
  const root = realFolder(resolve(terminal.cwd, where.root))
  const project = projectOf(root)
  if (!force && isOwnRepository(project)) throw ownSource(project)
  const files = projectFiles({ ...where, root })
  if (remove) {
    const all = where.files ? files : withWritten(files, root, registry)
    return { plans: removals(all, project, registry), notes: [] }
  }
  const plans = planBlocks(files, project)
  return { plans, notes: [...codexLimitNotes(plans, { root, project }), ...codexOverrideNotes(plans)] }
}

function realFolder(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) return realpathSync(path)
  const hint = 'give the folder of a project: subagent-mcp init --root <folder>'
  throw new SubagentError('cwd-missing', `--root ${path} is no folder`, { hint })
}

/** Those that were asked for, and all else below the root that has got a block. */
function withWritten(
  files: readonly InstructionFile[],
  root: string,
  registry: BlockRegistry,
): InstructionFile[] {
  const known = projectFiles({ root, copilot: true, cursor: true })
  const more = filesWithBlock(registry).flatMap((path): InstructionFile[] => {
    if (!isWithin(root, path) || files.some((file) => file.path === path)) return []
    return [known.find((file) => file.path === path) ?? { path, head: '', scope: 'project' }]
  })
  return [...files, ...more]
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
  return planRemovals(files, project, (path) => firstRecord(registry, path)?.before.type === 'text')
}

function ownSource(project: string): SubagentError {
  const hint = 'its instructions are for those who write it; --force writes all the same'
  return new SubagentError('invalid-parameter', `${project} is the source of subagent-mcp`, { hint })
}
