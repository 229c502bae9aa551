import { blockBody, blockVersion, removeBlock, upsertBlock, type TextFile } from '@subagent-mcp/installer'
import { relative, sep } from 'node:path'
import { readOrRefuse } from '../wiring/read-or-refuse.js'
import { importsAgents } from './imports-agents.js'
import { importable, type InstructionFile } from './instruction-files.js'

/** What is to become of one instruction file; `path` is the one that was asked for. */
export type BlockPlan = BlockChange | BlockLeft

/** Without `after` the file goes; `before` is the block whose place ours takes. */
export type BlockChange = {
  type: 'change'
  path: string
  file: ReadFile
  after: string | undefined
  before?: string | undefined
  scope: InstructionFile['scope']
}

/** A file that stays as it is. `link`: it is the file `by`; `import`: it brings in the file `by`. */
export type BlockLeft =
  | { type: 'unchanged'; path: string }
  | { type: 'covered'; path: string; how: 'link' | 'import'; by: string }
  | { type: 'refused'; path: string; why: string }

/** A file that can be written. */
export type ReadFile = Exclude<TextFile, { type: 'refused' }>

/** What putting our block into files comes to; touches nothing. Nothing is written outside of `project`. */
export function planBlocks(files: readonly InstructionFile[], project?: string): BlockPlan[] {
  const all = files.map(({ path }) => path)
  const refused = planThose(files, project, all).flatMap(({ type, path }) =>
    type === 'refused' ? [path] : [],
  )
  // What gets no block has none for others to bring in.
  const imported = all.filter((path) => !refused.includes(path))
  return planThose(files, project, imported)
}

function planThose(
  files: readonly InstructionFile[],
  project: string | undefined,
  imported: readonly string[],
): BlockPlan[] {
  return planEach(files, project, ({ path, head, scope }, file) => {
    const agents = importable(path)
    const isNew = file.type === 'absent'
    const edited = upsertBlock(isNew ? head : file.text, { version: blockVersion, body: blockBody })
    if (edited.type !== 'edited') return { ...edited, path }
    const isImport = agents !== undefined && imported.includes(agents) && !isNew && importsAgents(file.text)
    // One that has a block already keeps it, and has it renewed.
    if (isImport && removeBlock(file.text).type === 'unchanged')
      return { type: 'covered', path, how: 'import', by: agents }
    return { type: 'change', path, file, scope, after: edited.text, before: edited.before }
  })
}

/** Whether there is a block of ours in a file, also a broken one. */
export function hasBlock(path: string): boolean {
  const file = readOrRefuse(path)
  return file.type === 'text' && removeBlock(file.text).type !== 'unchanged'
}

/** What taking our block out comes to; `wasThere` says of a file whether it was there before it got the block. */
export function planRemovals(
  files: readonly InstructionFile[],
  project: string | undefined,
  wasThere: (realPath: string) => boolean,
): BlockPlan[] {
  return planEach(files, project, ({ path, head, scope }, file) => {
    if (file.type === 'absent') return { type: 'unchanged', path }
    const edited = removeBlock(file.text)
    if (edited.type !== 'edited') return { ...edited, path }
    const isLeftOver = edited.text.trim() === head.trim() && !wasThere(file.realPath)
    return { type: 'change', path, file, scope, after: isLeftOver ? undefined : edited.text }
  })
}

/** Each file once, also when links lead to it. */
function planEach(
  files: readonly InstructionFile[],
  project: string | undefined,
  planFile: (file: InstructionFile, read: ReadFile) => BlockPlan,
): BlockPlan[] {
  const seen = new Map<string, string>()
  return files.map((file) => {
    const { path } = file
    const read = readOrRefuse(path)
    if (read.type === 'refused') return read
    const { realPath } = read
    if (project !== undefined && !isWithin(project, realPath))
      return { type: 'refused', path, why: `it leads out of the project, to ${realPath}` }
    const by = seen.get(realPath)
    if (by !== undefined) return { type: 'covered', path, how: 'link', by }
    seen.set(realPath, path)
    return planFile(file, read)
  })
}

/** Whether a path leads into a folder. On Windows a way to another drive is absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way)
}
