import { isPathInside } from '@subagent-mcp/contract'
import { readTextFileOrRefuse, type ReadFileResult } from '../file/read-text.js'
import { managedBlockText, managedBlockVersion } from './block-body.js'
import { findImportableAgentsFile, type InstructionFile } from './instruction-files.js'
import { removeManagedBlock, upsertManagedBlock } from './managed-block.js'

/** The plan for one instruction file; `path` is the requested path. */
export type BlockPlan = BlockChange | UntouchedInstructionFile

/** A planned change of an instruction file; without `after` the file is removed. `before` is the block that ours replaces. */
export type BlockChange = {
  type: 'change'
  path: string
  file: ReadFileResult
  after: string | undefined
  before?: string | undefined
  scope: InstructionFile['scope']
}

/** An instruction file that stays as it is. `link`: it is the same file as `by`; `import`: it imports the file `by`. */
export type UntouchedInstructionFile =
  | { type: 'unchanged'; path: string }
  | { type: 'covered'; path: string; how: 'link' | 'import'; by: string }
  | { type: 'refused'; path: string; why: string }

/** Plans our block in files; changes nothing. Files outside of `project` are refused. */
export function planBlocks(files: readonly InstructionFile[], project?: string): BlockPlan[] {
  const all = files.map(({ path }) => path)
  const refused = planUpserts(files, project, all).flatMap(({ type, path }) =>
    type === 'refused' ? [path] : [],
  )
  // A file that gets no block has none to import.
  const imported = all.filter((path) => !refused.includes(path))
  return planUpserts(files, project, imported)
}

function planUpserts(
  files: readonly InstructionFile[],
  project: string | undefined,
  imported: readonly string[],
): BlockPlan[] {
  return planEach(files, project, ({ path, head, scope }, file) => {
    const agents = findImportableAgentsFile(path)
    const isNew = file.type === 'absent'
    const edited = upsertManagedBlock(isNew ? head : file.text, {
      version: managedBlockVersion,
      body: managedBlockText,
    })
    if (edited.type !== 'edited') return { ...edited, path }
    const isImport = agents !== undefined && imported.includes(agents) && !isNew && importsAgentsMd(file.text)
    // A file that has a block already keeps it and gets the new version.
    if (isImport && removeManagedBlock(file.text).type === 'unchanged')
      return { type: 'covered', path, how: 'import', by: agents }
    return { type: 'change', path, file, scope, after: edited.text, before: edited.before }
  })
}

export function hasManagedBlock(path: string): boolean {
  const file = readTextFileOrRefuse(path)
  return file.type === 'text' && removeManagedBlock(file.text).type !== 'unchanged'
}

/** Plans to remove our block from files. `existed` tells whether a file existed before it got the block. */
export function planBlockRemovals(
  files: readonly InstructionFile[],
  project: string | undefined,
  existed: (realPath: string) => boolean,
): BlockPlan[] {
  return planEach(files, project, ({ path, head, scope }, file) => {
    if (file.type === 'absent') return { type: 'unchanged', path }
    const edited = removeManagedBlock(file.text)
    if (edited.type !== 'edited') return { ...edited, path }
    const isLeftOver = edited.text.trim() === head.trim() && !existed(file.realPath)
    return { type: 'change', path, file, scope, after: isLeftOver ? undefined : edited.text }
  })
}

/** Plans instruction files, each once, even when several links lead to it. */
function planEach(
  files: readonly InstructionFile[],
  project: string | undefined,
  planFile: (file: InstructionFile, read: ReadFileResult) => BlockPlan,
): BlockPlan[] {
  const seen = new Map<string, string>()
  return files.map((file) => {
    const { path } = file
    const read = readTextFileOrRefuse(path)
    if (read.type === 'refused') return read
    const { realPath } = read
    if (project !== undefined && !isPathInside(project, realPath))
      return { type: 'refused', path, why: `it leads out of the project, to ${realPath}` }
    const by = seen.get(realPath)
    if (by !== undefined) return { type: 'covered', path, how: 'link', by }
    seen.set(realPath, path)
    return planFile(file, read)
  })
}

/**
 * Whether a text imports the `AGENTS.md` beside it, as Claude Code and Gemini CLI read it: on a line of its own, outside
 * of code and comments. In doubt it does not, because two blocks are better than none.
 */
export function importsAgentsMd(text: string): boolean {
  const plain = text.replace(fences, '').replace(comments, '')
  return /^\uFEFF? {0,3}@(?:\.\/)?AGENTS\.md[ \t]*\r?$/m.test(plain)
}

/** Code fences with their content. A fence that is not closed reaches to the end of the text. */
const fences = /^ {0,3}(`{3,}|~{3,})[^\n]*$[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))/gm
const comments = /<!--[\s\S]*?-->/g
