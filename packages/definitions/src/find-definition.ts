import { SubagentError } from '@subagent-mcp/contract'
import { join } from 'node:path'
import type { AgentDefinition } from './definition.js'
import { listDefinitionFiles, type DefinitionFile } from './definition-files.js'
import { definitionPathExists } from './reading/definition-path-exists.js'
import { isDocumentFileName, isDefinitionName, definitionNameRule } from './definition-name.js'
import type { SearchFolders } from './search-folders.js'
import { readDefinition, type DefinitionReadingContext } from './reading/read-definition.js'

export type ListedDefinition =
  | { type: 'valid'; definition: AgentDefinition }
  | { type: 'invalid'; name: string; path: string; error: SubagentError }

/** Finds and reads a definition. @throws SubagentError `unknown-definition` or `definition-invalid` */
export function findDefinition(name: string, places: SearchFolders, project: string): AgentDefinition {
  const files = listDefinitionFiles(places.agents)
  const [file] = files.filter((candidate) => candidate.name === name)
  if (!file) throw unknownDefinition(name, files, places)
  return readWithNotes(file, files, { places, project })
}

/** Reads all definitions, sorted by name. Invalid files are listed with their errors. */
export function listDefinitions(places: SearchFolders, project: string): readonly ListedDefinition[] {
  const files = listDefinitionFiles(places.agents)
  return namesOf(files).flatMap((name) => {
    const file = files.find((candidate) => candidate.name === name)
    return file ? [tryRead(file, files, { places, project })] : []
  })
}

function tryRead(
  file: DefinitionFile,
  files: readonly DefinitionFile[],
  surroundings: DefinitionReadingContext,
): ListedDefinition {
  try {
    return { type: 'valid', definition: readWithNotes(file, files, surroundings) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'invalid', name: file.name, path: file.path, error }
    throw error
  }
}

function readWithNotes(
  file: DefinitionFile,
  files: readonly DefinitionFile[],
  surroundings: DefinitionReadingContext,
): AgentDefinition {
  const definition = readDefinition(file, surroundings)
  // A shipped definition is there to be replaced, so that hiding it is worth no note.
  const shadowed = files.filter(
    (other) => other.name === file.name && other !== file && !other.folder.builtIn,
  )
  return { ...definition, notes: [...shadowed.map(({ path }) => `shadows ${path}`), ...definition.notes] }
}

function unknownDefinition(
  name: string,
  files: readonly DefinitionFile[],
  places: SearchFolders,
): SubagentError {
  const names = namesOf(files)
  const searched = places.agents.flatMap(({ path, builtIn }) => (builtIn ? [] : [path]))
  const known = files.some(({ folder }) => !folder.builtIn)
    ? `there are: ${names.join(', ')}`
    : `built in are: ${names.join(', ')}; none of your own is in ${[...new Set(searched)].join(', ')}`
  const document = isDocumentFileName(name)
    ? places.agents.find(({ path }) => definitionPathExists(join(path, `${name}.md`)))
    : undefined
  const message = document
    ? `${join(document.path, `${name}.md`)} is taken for a document, not for an agent`
    : `no agent is called '${name}'`
  const advice = isDefinitionName(name) ? [] : [definitionNameRule]
  const rename = document ? ['give the agent another name'] : []
  const hint = [...advice, ...rename, known].join('; ')
  return new SubagentError('unknown-definition', message, { hint })
}

function namesOf(files: readonly DefinitionFile[]): readonly string[] {
  return [...new Set(files.map(({ name }) => name))].sort()
}
