import { isPathInside, SubagentError } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { warnOfCutInstructions, warnOfIgnoredBlocks } from './blocks/codex-limit.js'
import {
  listGlobalInstructionFiles,
  listProjectInstructionFiles,
  type InstructionFileChoice,
  type InstructionFile,
} from './blocks/instruction-files.js'
import { planBlocks, planBlockRemovals, type BlockPlan } from './blocks/plan-blocks.js'
import {
  listFilesWithBlock,
  findFirstBlockRecord,
  removePlannedBlocks,
  writeBlocks,
  type BlockOutcome,
} from './blocks/write-blocks.js'
import type { HostMachine } from './hosts/host.js'
import { createRunName, openRecords, type Records } from './records/records.js'

/** Options of `init`: the instruction files that get the block which tells models when to delegate. */
export type InitOptions = {
  machine: HostMachine
  stateFolder: string
  /** `global`: the user's own files of each host. `project`: files below `root`, by default those of the three hosts with hooks. */
  target:
    | { type: 'global' }
    | { type: 'project'; root: string; files?: readonly string[]; copilot?: boolean; cursor?: boolean }
  /** Removes the block instead. Default: false. */
  remove?: boolean
  /** The run that `rollback` undoes as one. Default: a run of its own. */
  run?: string
  now?: () => number
}

export type InitPlan = {
  files: readonly BlockPlan[]
  /** Remarks for the user, such as limits of a host. */
  notes: readonly string[]
  /** The root of the project around the target; undefined for `global`. */
  project: string | undefined
  apply(): BlockOutcome[]
}

/** Plans the block in instruction files of a project or of all hosts; changes nothing. @throws SubagentError `cwd-missing` */
export function init({
  machine,
  stateFolder,
  target,
  remove = false,
  run,
  now = Date.now,
}: InitOptions): InitPlan {
  const records = openRecords(stateFolder)
  const plan =
    target.type === 'global'
      ? planGlobal(machine, remove, records)
      : planProject({ copilot: false, cursor: false, ...target }, remove, records)
  return {
    ...plan,
    apply: () => {
      const own = openRecords(stateFolder, run ?? createRunName('init', now()))
      return remove ? removePlannedBlocks(plan.files, own) : writeBlocks(plan.files, own)
    },
  }
}

type Plan = Omit<InitPlan, 'apply'>

function planProject(target: InstructionFileChoice, remove: boolean, records: Records): Plan {
  const root = realFolder(target.root)
  const project = findProjectRoot(root)
  const files = listProjectInstructionFiles({ ...target, root })
  if (remove) {
    const all = target.files ? files : withRecorded(files, root, records)
    return { files: removals(all, project, records), notes: [], project }
  }
  const plans = planBlocks(files, project)
  const notes = [...warnOfCutInstructions(plans, { root, project }), ...warnOfIgnoredBlocks(plans)]
  return { files: plans, notes, project }
}

function realFolder(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) return realpathSync(path)
  const hint = 'give the folder of a project'
  throw new SubagentError('cwd-missing', `${path} is no folder`, { hint })
}

/** The given instruction files, and every other file below the root that has a block on record. */
function withRecorded(files: readonly InstructionFile[], root: string, records: Records): InstructionFile[] {
  const known = listProjectInstructionFiles({ root, copilot: true, cursor: true })
  const more = listFilesWithBlock(records).flatMap((path): InstructionFile[] => {
    if (!isPathInside(root, path) || files.some((file) => file.path === path)) return []
    return [known.find((file) => file.path === path) ?? { path, head: '', scope: 'project' }]
  })
  return [...files, ...more]
}

/** Plans the block for the user's own files of all hosts. Hosts that are not present get none, but an existing one is removed. */
function planGlobal(machine: HostMachine, remove: boolean, records: Records): Plan {
  const all = listGlobalInstructionFiles(machine)
  const project = undefined
  if (remove) {
    const files = all.map(({ file }) => file)
    return { files: removals(files, project, records), notes: [], project }
  }
  const plans = planBlocks(all.flatMap(({ isPresent, file }) => (isPresent ? [file] : [])))
  const absent = all.flatMap(({ isPresent, label }) =>
    isPresent ? [] : [`${label} was not found: nothing to do for it`],
  )
  return { files: plans, notes: [...absent, ...warnOfIgnoredBlocks(plans)], project }
}

function removals(
  files: readonly InstructionFile[],
  project: string | undefined,
  records: Records,
): BlockPlan[] {
  return planBlockRemovals(
    files,
    project,
    (path) => findFirstBlockRecord(records, path)?.before.type === 'text',
  )
}
