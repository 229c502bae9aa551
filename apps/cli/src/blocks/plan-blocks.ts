import {
  blockBody,
  blockVersion,
  readText,
  removeBlock,
  upsertBlock,
  type TextFile,
} from '@subagent-mcp/installer'
import { relative, sep } from 'node:path'
import { importsAgents } from './imports-agents.js'
import { importable, type InstructionFile } from './instruction-files.js'

/** What is to become of one instruction file; `path` is the one that was asked for. */
export type BlockPlan = BlockChange | BlockLeft

/** Without `after` the file goes. */
export type BlockChange = { type: 'change'; path: string; file: ReadFile; after: string | undefined } & Pick<
  InstructionFile,
  'scope'
>

/** A file that stays as it is. `link`: it is the file `by`; `import`: it brings in the file `by`. */
export type BlockLeft =
  | { type: 'unchanged'; path: string }
  | { type: 'covered'; path: string; how: 'link' | 'import'; by: string }
  | { type: 'refused'; path: string; why: string }

/** A file that can be written. */
export type ReadFile = Exclude<TextFile, { type: 'refused' }>

/** What putting our block into files comes to; touches nothing. Nothing is written outside of `project`. */
export function planBlocks(files: readonly InstructionFile[], project?: string): BlockPlan[] {
  const paths = files.map(({ path }) => path)
  return planEach(files, project, ({ path, head, scope }, file) => {
    const agents = importable(path)
    const isNew = file.type === 'absent'
    const edited = upsertBlock(isNew ? head : file.text, { version: blockVersion, body: blockBody })
    if (edited.type !== 'edited') return { ...edited, path }
    const isImport = agents !== undefined && paths.includes(agents) && !isNew && importsAgents(file.text)
    // One that has a block already keeps it, and has it renewed.
    if (isImport && removeBlock(file.text).type === 'unchanged')
      return { type: 'covered', path, how: 'import', by: agents }
    return { type: 'change', path, file, scope, after: edited.text }
  })
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
    const read = readText(path)
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

/** On Windows a way to another drive is absolute. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way)
}
