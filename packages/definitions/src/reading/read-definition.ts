import { pickSchemaKeys } from '@subagent-mcp/api'
import {
  omitUndefined,
  isPathInside,
  isMissingFileError,
  type SessionMcpServers,
} from '@subagent-mcp/contract'
import { isProviderPlaceholder, type AgentDefinition } from '../definition.js'
import type { DefinitionFile } from '../definition-files.js'
import { launchDefinitionKeys, type DefinitionKeys } from './definition-keys.js'
import { createInvalidDefinitionFileError, type DefinitionFileProblem } from './invalid-file-error.js'
import {
  readSkillsOrExpertise,
  type SkillOrExpertiseEntry,
  type FoundSkillsOrExpertise,
} from './skills-or-expertise.js'
import { findMcpToolProblems } from './find-mcp-tool-problems.js'
import { parseFrontmatter, type Frontmatter } from './parse-frontmatter.js'
import type { SearchFolders } from '../search-folders.js'
import { isDefinitionKey, parseDefinitionKeys } from './parse-definition-keys.js'
import { definitionPathExists } from './definition-path-exists.js'
import { readDefinitionText, definitionFileSizeLimit } from './read-definition-text.js'
import { createAbsentMcpServerNotes, chooseDefinitionTools } from './definition-tools.js'
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export type DefinitionReadingContext = { places: SearchFolders; project: string }

/** Reads a definition and the files that it names. @throws SubagentError `definition-invalid` */
export function readDefinition(
  file: DefinitionFile,
  { places, project }: DefinitionReadingContext,
): AgentDefinition {
  const { path, name, folder } = file
  const frontmatter = parseFrontmatter(path, readDefinitionText(path, folder.path))
  const keys = parseDefinitionKeys(file, frontmatter)
  const session = sessionOf(keys)
  const problems = [
    ...optionalProblems(keys, frontmatter),
    ...openProviderProblems(keys, frontmatter),
    ...findMcpToolProblems(keys, session, frontmatter),
  ]
  if (problems.length > 0) throw createInvalidDefinitionFileError(path, problems)
  const lines = linesOf(frontmatter)
  const read = (kind: 'skills' | 'expertise'): FoundSkillsOrExpertise =>
    readSkillsOrExpertise(kind === 'skills' ? 'skill' : kind, itemsOf(kind, keys, frontmatter), {
      path,
      folders: places[kind],
    })
  const [skills, expertise] = [read('skills'), read('expertise')]
  const prime = keys.prime && readPrime(keys.prime, { path, project, lineOf: frontmatter.lineOf })
  return {
    name,
    description: keys.description,
    path,
    ...(folder.builtIn && { builtIn: true as const }),
    provider: keys.provider ?? folder.provider ?? 'claude',
    ...session,
    ...(keys.cwd !== undefined && {
      cwd: workingFolder(keys.cwd, { path, line: lines['cwd'] ?? 1, folder: folder.path, project }),
    }),
    pool: keys.pool ?? {},
    ...prime,
    skills: skills.found,
    expertise: expertise.found,
    body: frontmatter.body,
    unknownKeys: Object.keys(frontmatter.value).filter((key) => !isDefinitionKey(key)),
    notes: [...skills.notes, ...expertise.notes, ...createAbsentMcpServerNotes(keys, session)],
    lines,
  }
}

function sessionOf(keys: DefinitionKeys) {
  const { model, task_category: category, timeout, timeout_mins: minutes } = keys
  const { model: _, provider: _provider, ...options } = pickSchemaKeys(keys, launchDefinitionKeys)
  const maxTurns = keys.maxTurns ?? keys.max_turns
  const seconds = timeout ?? (minutes === undefined ? undefined : minutes * 60)
  return {
    ...options,
    ...(model !== undefined && model.toLowerCase() !== 'inherit' && { model }),
    ...(category && { category }),
    permissions: keys.permissionMode ?? 'ask',
    deny: keys.deny ?? [],
    ask: keys.ask ?? [],
    ...chooseDefinitionTools(keys),
    ...omitUndefined({ maxTurns }),
    ...chooseServers(keys.mcpServers ?? keys.mcp_servers ?? []),
    env: keys.env ?? [],
    ...(seconds !== undefined && { timeoutMs: seconds * 1000 }),
  }
}

function itemsOf(
  kind: 'skills' | 'expertise',
  keys: DefinitionKeys,
  { lineOf }: Frontmatter,
): readonly SkillOrExpertiseEntry[] {
  return (keys[kind] ?? []).map(({ name, optional }, index) => ({
    name,
    optional: optional || (keys.optional?.includes(name) ?? false),
    line: lineOf([kind, index]),
  }))
}

/** The problems of a definition's `optional` names that neither `skills` nor `expertise` lists. */
function optionalProblems(keys: DefinitionKeys, { lineOf }: Frontmatter): readonly DefinitionFileProblem[] {
  const listed = [...(keys.skills ?? []), ...(keys.expertise ?? [])].map(({ name }) => name)
  return (keys.optional ?? []).flatMap((name, index) => {
    if (listed.includes(name)) return []
    const message = `optional: '${name}' is in neither skills nor expertise`
    return [{ line: lineOf(['optional', index]), message, hint: `list ${name} in one of them too` }]
  })
}

/** The problems of a definition whose provider is chosen at launch, but whose keys fit only one provider. */
function openProviderProblems(
  { provider, model, effort }: DefinitionKeys,
  { lineOf }: Frontmatter,
): readonly DefinitionFileProblem[] {
  if (provider === undefined || !isProviderPlaceholder(provider)) return []
  const asked = Object.entries({ model: model?.toLowerCase() === 'inherit' ? undefined : model, effort })
  return asked.flatMap(([key, value]) => {
    if (value === undefined) return []
    const message = `${key}: is chosen with the provider, which is '${provider}'`
    return [{ line: lineOf([key]), message, hint: 'take it out, or name one provider' }]
  })
}

function linesOf({ value, lineOf }: Frontmatter): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(value).map((key) => [key, lineOf([key])]))
}

type Written = NonNullable<DefinitionKeys['mcpServers']>
type Servers = { mcp: SessionMcpServers; mcpServers?: Readonly<Record<string, unknown>> }

/** Splits a definition's `mcpServers` into names of the user's servers, and servers that it describes itself. */
function chooseServers(written: Written): Servers {
  if (written === 'inherit') return { mcp: 'inherit' }
  const items = Array.isArray(written) ? written : [written]
  const names = items.filter((item) => typeof item === 'string')
  const own = items.flatMap((item) => (typeof item === 'string' ? [] : Object.entries(item)))
  return {
    mcp: names.length > 0 ? names : 'none',
    ...(own.length > 0 && { mcpServers: Object.fromEntries(own) }),
  }
}

type Place = { path: string; line: number; folder: string; project: string }

/**
 * The absolute `cwd` of a definition. For a definition of the project it must be inside of the project, by real
 * paths; the user's own definitions may name any folder. It need not exist. @throws SubagentError
 * `definition-invalid`
 */
function workingFolder(cwd: string, { path, line, folder, project }: Place): string {
  const absolute = resolve(project, cwd)
  const root = realPath(resolve(project))
  const isProjects = isPathInside(resolve(project), resolve(folder)) || isPathInside(root, realPath(folder))
  const real = realPath(absolute)
  if (!isProjects || isPathInside(root, real)) return absolute
  const message = `cwd: leads to ${real}, outside of ${project}`
  const hint =
    "name a folder of the project, or put the agent into your own folder of agents, not the project's"
  throw createInvalidDefinitionFileError(path, [{ line, message, hint }])
}

/** The real path; for a missing path that of its nearest existing parent, with the rest appended. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (!isMissingFileError(cause) || dirname(path) === path) throw cause
    return join(realPath(dirname(path)), basename(path))
  }
}

type PrimeRead = Required<Pick<AgentDefinition, 'prime' | 'primeDigest'>>
type Prime = NonNullable<AgentDefinition['prime']>
type PrimePlace = { path: string; project: string } & Pick<Frontmatter, 'lineOf'>

/**
 * Reads the files of a prime prompt, which must be in the project, because their content is sent to the provider.
 * @throws SubagentError `definition-invalid` for a missing file, or more than 256 kB in all
 */
function readPrime(prime: Prime, { path, project, lineOf }: PrimePlace): PrimeRead {
  const files = prime.files.map((file) => resolve(project, file))
  const missing = files.flatMap((file, index) => {
    if (definitionPathExists(file)) return []
    const message = `prime: there is no file ${file}`
    return [{ line: lineOf(['prime', 'files', index]), message, hint: 'paths are relative to the project' }]
  })
  if (missing.length > 0) throw createInvalidDefinitionFileError(path, missing)
  const texts = files.map((file) => readDefinitionText(file, project))
  const size = Buffer.byteLength([prime.prompt, ...texts].join(''))
  if (size <= definitionFileSizeLimit) return { prime: { ...prime, files }, primeDigest: digestOf(texts) }
  const message = `prime: is ${size} bytes with its files, above the limit of 256 kB`
  throw createInvalidDefinitionFileError(path, [
    { line: lineOf(['prime']), message, hint: 'name fewer or shorter files' },
  ])
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}
