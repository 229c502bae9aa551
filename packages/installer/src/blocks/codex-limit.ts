import { dirname, join } from 'node:path'
import { readOrRefuse } from '../wiring/read-or-refuse.js'
import { agentsFile } from './instruction-files.js'
import type { BlockPlan } from './plan-blocks.js'

/** What Codex takes of a project's instructions unless its `project_doc_max_bytes` says else. */
const limit = 32_768

/** In a folder that has it, Codex reads it and no `AGENTS.md`. */
const overridingFile = 'AGENTS.override.md'

/** A folder, and the root of the project that it is in; both without links. */
export type Place = { root: string; project: string }

/**
 * What Codex would not see once the plans are made: it reads one file a folder, from the project's root down to its own,
 * and cuts what is beyond its limit.
 */
export function codexLimitNotes(plans: readonly BlockPlan[], { root, project }: Place): string[] {
  const read = foldersDown(project, root).flatMap((folder) => instructionsIn(folder, plans))
  const bytes = read.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes <= limit) return []
  const paths = read.map(({ path }) => path).join(' and ')
  return [
    `Codex reads ${limit} bytes of a project's instructions and cuts the rest, and these are ${bytes}: ${paths}. ` +
      'Shorten them, or set project_doc_max_bytes in its config.toml',
  ]
}

/** Of blocks that Codex would not look at, because another file of that folder comes first. */
export function codexOverrideNotes(plans: readonly BlockPlan[]): string[] {
  return plans.flatMap(({ path }) => {
    const overriding = join(dirname(path), overridingFile)
    if (path !== join(dirname(path), agentsFile) || readOrRefuse(overriding).type === 'absent') return []
    return [`Codex reads ${overriding} in the place of ${path}, and so not the block`]
  })
}

function foldersDown(project: string, root: string): string[] {
  return root === project || dirname(root) === root ? [root] : [...foldersDown(project, dirname(root)), root]
}

/** The first that is there, as it will be; white space counts for nothing. */
function instructionsIn(folder: string, plans: readonly BlockPlan[]): { path: string; text: string }[] {
  for (const name of [overridingFile, agentsFile]) {
    const path = join(folder, name)
    const text = textAfter(path, plans)
    if (text !== undefined) return text.trim() === '' ? [] : [{ path, text }]
  }
  return []
}

function textAfter(path: string, plans: readonly BlockPlan[]): string | undefined {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return undefined
  const change = plans.find((plan) => plan.type === 'change' && plan.file.realPath === file.realPath)
  if (change?.type === 'change') return change.after
  return file.type === 'text' ? file.text : undefined
}
