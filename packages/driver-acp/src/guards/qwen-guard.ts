import { defined } from '@subagent-mcp/contract'
import { foldersAround, projectInstructions } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import { describeFinding, findEntries, isSame, readObject, type Finding } from './project-files.js'
import {
  canBeUntrusted,
  projectRefusal,
  unguarded,
  type GuardedSpec,
  type GuardProject,
  type ProjectGuard,
} from './project-guard.js'

/**
 * Keeps a session of qwen (0.24) below `full-auto` in a folder that it does not trust, where it reads no settings, hooks,
 * MCP servers or `.env` of a project; its instructions are given by us. It starts no MCP server at all there: a session
 * that needs one is in a trusted folder, and refused where a project configures something.
 */
export const guardQwen: GuardProject = (spec) => {
  const findings = findQwenProject(spec)
  if (spec.permissions === 'full-auto')
    return findings.length === 0 ? unguarded : { ...unguarded, isApart: true }
  if (canBeUntrusted(spec)) return untrusted(spec, findings)
  return findings.length === 0
    ? unguarded
    : { failure: projectRefusal('qwen', findings, 'launch without MCP servers') }
}

function untrusted({ cwd, environment }: GuardedSpec, [first]: readonly Finding[]): ProjectGuard {
  const instructions = projectInstructions(cwd, { names: ['QWEN.md', 'AGENTS.md'], title: 'QWEN.md' })
  const system = readObject(environment['QWEN_CODE_SYSTEM_SETTINGS_PATH'] ?? systemSettings) ?? {}
  const security = 'security' in system && typeof system.security === 'object' ? system.security : {}
  return {
    // By the editor in which the caller runs it would trust a folder too.
    env: { QWEN_CODE_IDE_SERVER_PORT: undefined, QWEN_CODE_IDE_WORKSPACE_PATH: undefined },
    files: {
      QWEN_CODE_TRUSTED_FOLDERS_PATH: JSON.stringify({ [parse(cwd).root]: 'DO_NOT_TRUST' }),
      // Those of an administrator, with folders that must be trusted.
      QWEN_CODE_SYSTEM_SETTINGS_PATH: JSON.stringify({
        ...system,
        security: { ...security, folderTrust: { enabled: true } },
      }),
    },
    notes:
      first === undefined
        ? []
        : [`of this project qwen reads instructions and skills alone, because of ${describeFinding(first)}`],
    ...defined({ instructions }),
  }
}

const systemSettings =
  process.platform === 'darwin'
    ? '/Library/Application Support/QwenCode/settings.json'
    : process.platform === 'win32'
      ? 'C:\\ProgramData\\qwen-code\\settings.json'
      : '/etc/qwen-code/settings.json'

/** Any settings count: qwen has more keys that start something than can be listed. */
function findQwenProject({ cwd, environment }: GuardedSpec): readonly Finding[] {
  const home = environment['HOME'] ?? homedir()
  return foldersAround(cwd)
    .filter((folder) => !isSame(folder, home))
    .flatMap((folder) => [
      ...findEntries(join(folder, '.qwen'), (name) => harmlessEntries.test(name)),
      ...['.mcp.json', '.env']
        .map((name) => ({ path: join(folder, name) }))
        .filter(({ path }) => existsSync(path)),
    ])
}

/** Text that qwen gives to its model; a slash command runs only when it is typed. */
const harmlessEntries = /^(?:[^.].*\.md|\.gitignore|skills|commands)$/
