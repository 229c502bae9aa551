import { dirname, join } from 'node:path'
import { readTextFileOrRefuse } from '../file/read-text.js'
import { agentsFileName } from './instruction-files.js'
import type { BlockPlan } from './plan-blocks.js'

/** The bytes of instructions that Codex reads in a project; its `project_doc_max_bytes` changes this. */
const limit = 32_768

/** The file that Codex reads in place of `AGENTS.md` where both exist. */
const overridingFile = 'AGENTS.override.md'

/** A folder and the root of its project; both paths without links. */
export type InstructionsFolder = { root: string; project: string }

/**
 * Warns of instructions that Codex would cut once the plans are applied. Codex reads one file in each folder from the
 * project's root down to its own, up to its limit.
 */
export function warnOfCutInstructions(
  plans: readonly BlockPlan[],
  { root, project }: InstructionsFolder,
): string[] {
  const read = foldersDown(project, root).flatMap((folder) => instructionsIn(folder, plans))
  const bytes = read.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes <= limit) return []
  const paths = read.map(({ path }) => path).join(' and ')
  return [
    `Codex reads ${limit} bytes of a project's instructions and cuts the rest, and these are ${bytes}: ${paths}. ` +
      'Shorten them, or set project_doc_max_bytes in its config.toml',
  ]
}

/** Warns of blocks that Codex would not read, because another file of the folder takes precedence. */
export function warnOfIgnoredBlocks(plans: readonly BlockPlan[]): string[] {
  return plans.flatMap(({ path }) => {
    const overriding = join(dirname(path), overridingFile)
    if (path !== join(dirname(path), agentsFileName) || readTextFileOrRefuse(overriding).type === 'absent')
      return []
    return [`Codex reads ${overriding} in the place of ${path}, and so not the block`]
  })
}

function foldersDown(project: string, root: string): string[] {
  return root === project || dirname(root) === root ? [root] : [...foldersDown(project, dirname(root)), root]
}

/** The instructions of a folder after the plans are applied; none for a file of white space. */
function instructionsIn(folder: string, plans: readonly BlockPlan[]): { path: string; text: string }[] {
  for (const name of [overridingFile, agentsFileName]) {
    const path = join(folder, name)
    const text = textAfter(path, plans)
    if (text !== undefined) return text.trim() === '' ? [] : [{ path, text }]
  }
  return []
}

function textAfter(path: string, plans: readonly BlockPlan[]): string | undefined {
  const file = readTextFileOrRefuse(path)
  if (file.type === 'refused') return undefined
  const change = plans.find((plan) => plan.type === 'change' && plan.file.realPath === file.realPath)
  if (change?.type === 'change') return change.after
  return file.type === 'text' ? file.text : undefined
}
