import { basename, dirname, join } from 'node:path'
import type { SkillOrExpertise } from '../definition.js'
import { createInvalidDefinitionFileError, type DefinitionFileProblem } from './invalid-file-error.js'
import { definitionPathExists } from './definition-path-exists.js'
import type { DefinitionFolder } from '../search-folders.js'
import { readDefinitionText } from './read-definition-text.js'
import { splitFrontmatter } from './split-frontmatter.js'

/** A name in a definition's `skills` or `expertise`. */
export type SkillOrExpertiseEntry = { name: string; optional: boolean; line: number }

/** The skills or expertise that were found, and a note for each optional one that is missing. */
export type FoundSkillsOrExpertise = { found: readonly SkillOrExpertise[]; notes: readonly string[] }

/** Reads the skills or expertise that a definition lists. @throws SubagentError `definition-invalid` */
export function readSkillsOrExpertise(
  kind: 'skill' | 'expertise',
  items: readonly SkillOrExpertiseEntry[],
  { path, folders }: { path: string; folders: readonly DefinitionFolder[] },
): FoundSkillsOrExpertise {
  const read = items.map((item) => ({ item, knowledge: findKnowledge(item.name, folders) }))
  const missing = read.filter(({ knowledge }) => !knowledge).map(({ item }) => item)
  const problems = missing.filter(({ optional }) => !optional).map((item) => notThere(kind, item, folders))
  if (problems.length > 0) throw createInvalidDefinitionFileError(path, problems)
  return {
    found: read.flatMap(({ knowledge }) => knowledge ?? []),
    notes: missing.map(({ name }) => `the optional ${kind} '${name}' is not there`),
  }
}

/** The folder of a skill with its files; `undefined` for a skill that is a single file. */
export function findSkillFolder({ path }: SkillOrExpertise): string | undefined {
  return basename(path) === ownFolderFile ? dirname(path) : undefined
}

const ownFolderFile = 'SKILL.md'

function findKnowledge(name: string, folders: readonly DefinitionFolder[]): SkillOrExpertise | undefined {
  const files = folders.flatMap(({ path: folder }) =>
    [join(folder, name, ownFolderFile), join(folder, `${name}.md`)].map((path) => ({ folder, path })),
  )
  const file = files.find(({ path }) => definitionPathExists(path))
  if (!file) return undefined
  return {
    name,
    path: file.path,
    text: splitFrontmatter(file.path, readDefinitionText(file.path, file.folder)).body,
  }
}

function notThere(
  kind: string,
  { name, line }: SkillOrExpertiseEntry,
  folders: readonly DefinitionFolder[],
): DefinitionFileProblem {
  const places = [...new Set(folders.map(({ path }) => path))]
  return {
    line,
    message: `there is no ${kind} '${name}' in ${places.join(', ')}`,
    hint: `write ${name}/${ownFolderFile} or ${name}.md in one of them, or add optional: [${name}]`,
  }
}
