import { omitUndefined } from '@subagent-mcp/contract'
import { listFolderAndParents, getHomeFolder, readProjectInstructions } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join, parse } from 'node:path'
import {
  describeProjectFinding,
  findUnknownFolderEntries,
  isSameFilePath,
  readJsonObject,
  type ProjectFinding,
} from './project-files.js'
import {
  canRunInUntrustedProject,
  createProjectRefusal,
  noProjectGuard,
  type GuardedSessionSpec,
  type ProjectFilesCheck,
  type ProjectGuard,
} from './project-guard.js'

/**
 * Runs a session of qwen (0.24) below `full-auto` in an untrusted folder, where qwen reads no settings, hooks, MCP servers
 * or `.env` of a project; the driver passes the project's instructions. In an untrusted folder qwen starts no MCP servers
 * at all, so a session that needs some runs in a trusted folder, and is refused when the project configures something.
 */
export const guardQwenProject: ProjectFilesCheck = (spec) => {
  const findings = findQwenProject(spec)
  if (spec.permissions === 'full-auto')
    return findings.length === 0 ? noProjectGuard : { ...noProjectGuard, isApart: true }
  if (canRunInUntrustedProject(spec)) return untrusted(spec, findings)
  return findings.length === 0
    ? noProjectGuard
    : { failure: createProjectRefusal('qwen', findings, 'launch without MCP servers') }
}

function untrusted(
  { cwd, environment }: GuardedSessionSpec,
  [first]: readonly ProjectFinding[],
): ProjectGuard {
  const instructions = readProjectInstructions(cwd, { names: ['QWEN.md', 'AGENTS.md'], title: 'QWEN.md' })
  const system = readJsonObject(environment['QWEN_CODE_SYSTEM_SETTINGS_PATH'] ?? systemSettings) ?? {}
  const security = 'security' in system && typeof system.security === 'object' ? system.security : {}
  return {
    // The caller's editor can make qwen trust a folder.
    env: { QWEN_CODE_IDE_SERVER_PORT: undefined, QWEN_CODE_IDE_WORKSPACE_PATH: undefined },
    files: {
      QWEN_CODE_TRUSTED_FOLDERS_PATH: JSON.stringify({ [parse(cwd).root]: 'DO_NOT_TRUST' }),
      // The administrator's settings, with untrusted folders switched on.
      QWEN_CODE_SYSTEM_SETTINGS_PATH: JSON.stringify({
        ...system,
        security: { ...security, folderTrust: { enabled: true } },
      }),
    },
    notes:
      first === undefined
        ? []
        : [
            `of this project qwen reads instructions and skills alone, because of ${describeProjectFinding(first)}`,
          ],
    ...omitUndefined({ instructions }),
  }
}

const systemSettings =
  process.platform === 'darwin'
    ? '/Library/Application Support/QwenCode/settings.json'
    : process.platform === 'win32'
      ? 'C:\\ProgramData\\qwen-code\\settings.json'
      : '/etc/qwen-code/settings.json'

/** Finds the project's qwen files. All settings count, because too many of qwen's keys can start something. */
function findQwenProject({ cwd, environment }: GuardedSessionSpec): readonly ProjectFinding[] {
  const home = getHomeFolder(environment)
  return listFolderAndParents(cwd)
    .filter((folder) => !isSameFilePath(folder, home))
    .flatMap((folder) => [
      ...findUnknownFolderEntries(join(folder, '.qwen'), (name) => harmlessEntries.test(name)),
      ...['.mcp.json', '.env']
        .map((name) => ({ path: join(folder, name) }))
        .filter(({ path }) => existsSync(path)),
    ])
}

/** Entries of a `.qwen` folder that start nothing: texts for qwen's model, and slash commands, which run only when typed. */
const harmlessEntries = /^(?:[^.].*\.md|\.gitignore|skills|commands)$/
