import { defined, type SessionSpec } from '@subagent-mcp/contract'
import { childEnvironment, depthVariables } from '@subagent-mcp/driver-kit'
import { effortSettings } from './effort.js'
import { ephemeralArguments, ephemeralVariables } from './ephemeral.js'
import { permissionMode, permissionSettings, permissionVariables } from './permissions.js'
import type { Project } from '../project/read-project.js'
import type { SessionFolder } from './session-folder.js'
import { toolArguments } from './tools.js'

/**
 * How `claude` is called for a session. What a caller wrote goes by file and stdin: arguments are
 * visible to everyone on the machine.
 */
export function argumentsFor(
  spec: SessionSpec,
  folder: SessionFolder,
  { instructionFolders }: Pick<Project, 'instructionFolders'>,
): readonly string[] {
  const effort = spec.effort && effortSettings(spec.effort)
  return [
    ...['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
    ...['--include-partial-messages', '--replay-user-messages'],
    // Always said: the user's settings could have another mode.
    ...['--permission-prompt-tool', 'stdio', '--permission-mode', permissionMode(spec)],
    // The user's settings alone: a project's can name programs, variables and servers that get the key.
    ...['--setting-sources=user', `--settings=${folder.settingsFile}`],
    ...instructionFolders.map((path) => `--add-dir=${path}`),
    ...option('--agents', folder.agentsFile),
    ...(spec.mcp === 'inherit' ? [] : ['--strict-mcp-config']),
    ...option('--mcp-config', folder.mcpConfigFile),
    ...toolArguments(spec),
    ...option('--max-turns', spec.maxTurns?.toString()),
    ...(spec.ephemeral ? ephemeralArguments : []),
    ...option('--append-system-prompt-file', folder.systemPromptFile),
    ...option('--model', spec.model),
    ...option('--effort', effort?.effortLevel),
    ...option('--resume', spec.resumeSessionId),
    ...(spec.fork ? ['--fork-session'] : []),
  ]
}

/** The caller's environment, less what would tie the child to the caller's own session. */
export function environmentFor(spec: SessionSpec, folder: SessionFolder): Record<string, string> {
  return childEnvironment(spec.environment, {
    // A print-mode session reports success while its own background agents still run.
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    // A fingerprint of the first prompt in the first block would keep sessions from sharing a prompt cache.
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
    // What was asked and answered is on disk before it is told: a session can go on whose CLI was killed.
    CLAUDE_CODE_EAGER_FLUSH: '1',
    DISABLE_AUTOUPDATER: '1',
    // Its sockets and task files go when the session goes, however it ends.
    CLAUDE_CODE_TMPDIR: folder.path,
    ...depthVariables(spec),
    // A project's `.claude/scheduled_tasks.json` would be sent as prompts of the user, whatever settings are read.
    CLAUDE_CODE_DISABLE_CRON: '1',
    // The CLI reads the instructions in the folders of `--add-dir`.
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: '1',
    ...permissionVariables(spec),
    ...(spec.ephemeral && ephemeralVariables),
  })
}

/** The settings of a session, which win over the user's; what the project denies is among them. */
export function settingsFor(spec: SessionSpec, { deny }: Pick<Project, 'deny'>): object {
  const { ultracode } = spec.effort ? effortSettings(spec.effort) : {}
  return {
    disableAllHooks: true,
    ...defined({ ultracode }),
    ...permissionSettings(spec, deny),
  }
}

/** `name=value` in one word: a value that begins with a dash is no option then. */
function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}=${value}`]
}
