import { isAbsolute, normalize, sep } from 'node:path'
import { noWord, readWords, wrongUse } from '../terminal/read-words.js'

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

/** The flags of `init`. */
export const initFlags = {
  root: {
    type: 'string',
    valueHint: 'folder',
    description: 'A project: its AGENTS.md, CLAUDE.md and GEMINI.md',
  },
  global: { type: 'boolean', description: "The hosts' own files, read in all projects" },
  files: { type: 'string', valueHint: 'a,b', description: 'These files of the project, and no others' },
  copilot: { type: 'boolean', description: 'Also .github/copilot-instructions.md' },
  cursor: { type: 'boolean', description: 'Also .cursor/rules/subagent-mcp.mdc' },
  'dry-run': { type: 'boolean', description: 'Show what would change, and touch nothing' },
  remove: { type: 'boolean', description: 'Take the block out again' },
  force: { type: 'boolean', description: 'Also in the source of this very tool' },
  json: { type: 'boolean', description: 'What became of each file, as JSON' },
} as const

const usage =
  'subagent-mcp init --root <folder> [--files a,b] [--copilot] [--cursor], or --global; [--dry-run] [--remove] [--json]'

/** Reads the words after `init`. @throws SubagentError */
export function readInitOrder(words: readonly string[]): InitOrder {
  const { values, positionals } = readWords(words, initFlags, usage)
  noWord(positionals, usage)
  const { root, global, files, copilot = false, cursor = false, ...rest } = values
  const { 'dry-run': dryRun = false, remove = false, force = false, json = false } = rest
  const order = { dryRun, remove, force, json }
  if (global) {
    const ofProject = Object.entries({ root, files, copilot, cursor }).find(
      ([, value]) => value !== undefined && value !== false,
    )
    if (ofProject) throw wrongUse(`--global and --${ofProject[0]} exclude each other`, usage)
    return { where: { type: 'global' }, ...order }
  }
  if (root === undefined) throw wrongUse('say --root <folder> for a project, or --global', usage)
  if (root.trim() === '') throw wrongUse('--root names no folder', usage)
  const where = { type: 'project', root, copilot, cursor } as const
  return { where: files === undefined ? where : { ...where, files: readFiles(files) }, ...order }
}

function readFiles(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => name === '' || isAbsolute(name) || leadsOut(name))
  if (wrong !== undefined) throw wrongUse(`--files takes files below the root, not '${wrong}'`, usage)
  const strange = names.find((name) => !isForText(name))
  if (strange !== undefined)
    throw wrongUse(`--files takes .md, .mdc and .txt files outside of .git, not '${strange}'`, usage)
  return names
}

/** In others the block would be no text for a reader, but a fault. */
function isForText(name: string): boolean {
  const isInGit = normalize(name).toLowerCase().split(sep).includes('.git')
  return /\.(md|mdc|txt)$/i.test(name) && !isInGit
}

function leadsOut(name: string): boolean {
  const path = normalize(name)
  return path === '..' || path.startsWith(`..${sep}`)
}
