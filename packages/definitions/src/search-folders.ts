import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A folder of definitions, skills or expertise. `provider` is the default of definitions in it. `builtIn`: its definitions are
 * shipped with the program.
 */
export type DefinitionFolder = { path: string; provider?: string; builtIn?: true }

/** The folders that are searched for definitions, skills and expertise; the first match wins. */
export type SearchFolders = {
  agents: readonly DefinitionFolder[]
  skills: readonly DefinitionFolder[]
  expertise: readonly DefinitionFolder[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** The folders for a project: those that environment variables name, those of the project, those of the user, then the shipped one. */
export function listSearchFolders(project: string, environment: Environment): SearchFolders {
  const houses = [...baseFoldersOf(project), ...userBaseFolders(environment)]
  const foldersFor = (kind: keyof SearchFolders, named: string | undefined): readonly DefinitionFolder[] => [
    ...(named ? [namedFolder(resolve(project, named))] : []),
    ...houses.map((house) => ({ ...house, path: join(house.path, kind) })),
  ]
  return {
    agents: [...foldersFor('agents', environment['AGENTS_DIR']), { path: builtInFolder(), builtIn: true }],
    skills: foldersFor('skills', environment['SKILLS_DIR']),
    expertise: foldersFor('expertise', environment['EXPERTISE_DIR']),
  }
}

/** The folder of the shipped definitions, beside `src`, `dist` and the folder of the bundle. */
function builtInFolder(): string {
  return fileURLToPath(new URL('../agents', import.meta.url))
}

/** The folders that may contain `agents`, `skills` and `expertise`. */
function baseFoldersOf(
  root: string,
  moved: { ours?: string; claude?: string } = {},
): readonly DefinitionFolder[] {
  return [
    { path: moved.ours ?? join(root, '.subagent-mcp') },
    { path: moved.claude ?? join(root, '.claude'), provider: 'claude' },
    { path: join(root, '.gemini'), provider: 'gemini' },
    { path: root },
  ]
}

function userBaseFolders(environment: Environment) {
  const { CLAUDE_CONFIG_DIR: claude } = environment
  const claudes = claude && { claude: resolve(claude) }
  return baseFoldersOf(getUserHomeFolder(environment), { ours: getUserConfigFolder(environment), ...claudes })
}

/** The user's folder for configuration and definitions, `~/.subagent-mcp` by default. */
export function getUserConfigFolder(environment: Environment): string {
  const { SUBAGENT_MCP_HOME: named } = environment
  return named ? resolve(named) : join(getUserHomeFolder(environment), '.subagent-mcp')
}

export function getUserHomeFolder(environment: Environment): string {
  const home = process.platform === 'win32' ? environment['USERPROFILE'] : environment['HOME']
  return home || homedir()
}

function namedFolder(path: string): DefinitionFolder {
  const house = basename(dirname(path))
  const known = baseFoldersOf(dirname(dirname(path))).find((folder) => basename(folder.path) === house)
  return { ...known, path }
}
