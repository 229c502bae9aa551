import { omitUndefined, type PermissionPreset, type SessionSpec } from '@subagent-mcp/contract'
import { buildChildEnvironment, createNestingVariables } from '@subagent-mcp/driver-kit'
import { toClaudeEffortSettings } from './effort.js'
import { ephemeralClaudeArguments, ephemeralClaudeVariables } from './ephemeral.js'
import type { ClaudeProject } from '../project/read-project.js'
import type { SessionFolder } from './session-folder.js'
import { buildClaudeToolArguments } from './tools.js'

/**
 * The arguments of `claude` for a session. Texts of the caller are passed in files and on stdin, because every user of the
 * machine can see arguments.
 */
export function buildClaudeArguments(
  spec: SessionSpec,
  folder: SessionFolder,
  { instructionFolders }: Pick<ClaudeProject, 'instructionFolders'>,
): readonly string[] {
  const effort = spec.effort && toClaudeEffortSettings(spec.effort)
  return [
    ...['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
    ...['--include-partial-messages', '--replay-user-messages'],
    // Always set, because the user's settings could have another mode.
    ...['--permission-prompt-tool', 'stdio', '--permission-mode', permissionMode(spec)],
    // The project's settings are left out, because they can name programs, variables and servers that get the key.
    ...['--setting-sources=user', `--settings=${folder.settingsFile}`],
    ...instructionFolders.map((path) => `--add-dir=${path}`),
    ...option('--agents', folder.agentsFile),
    ...(spec.mcp === 'inherit' ? [] : ['--strict-mcp-config']),
    ...option('--mcp-config', folder.mcpConfigFile),
    ...buildClaudeToolArguments(spec),
    ...option('--max-turns', spec.maxTurns?.toString()),
    ...(spec.ephemeral ? ephemeralClaudeArguments : []),
    ...option('--append-system-prompt-file', folder.systemPromptFile),
    ...option('--model', spec.model),
    ...option('--effort', effort?.effortLevel),
    ...option('--resume', spec.resumeSessionId),
    ...(spec.fork ? ['--fork-session'] : []),
  ]
}

/** The environment of `claude` for a session. */
export function buildClaudeEnvironment(spec: SessionSpec, folder: SessionFolder): Record<string, string> {
  return buildChildEnvironment(spec.environment, {
    // With background tasks a print-mode session reports success while its background agents still run.
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    // The attribution header has a fingerprint of the first prompt, which keeps sessions from sharing a prompt cache.
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
    // Claude writes each message to disk before it reports it, so a session can be resumed after a kill.
    CLAUDE_CODE_EAGER_FLUSH: '1',
    DISABLE_AUTOUPDATER: '1',
    // Sockets and task files are removed with the folder of the session.
    CLAUDE_CODE_TMPDIR: folder.path,
    ...createNestingVariables(spec),
    // Claude would send the prompts in a project's `.claude/scheduled_tasks.json`, whatever settings it reads.
    CLAUDE_CODE_DISABLE_CRON: '1',
    // Makes Claude read the instructions in the folders of `--add-dir`.
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: '1',
    ...buildPermissionVariables(spec),
    ...(spec.ephemeral && ephemeralClaudeVariables),
  })
}

/** The settings of a session, which win over the user's. They include the deny rules of the project. */
export function buildClaudeSettings(spec: SessionSpec, { deny }: Pick<ClaudeProject, 'deny'>): object {
  const { ultracode } = spec.effort ? toClaudeEffortSettings(spec.effort) : {}
  return {
    disableAllHooks: true,
    ...omitUndefined({ ultracode }),
    ...permissionSettings(spec, deny),
  }
}

/** Formats `name=value` as one argument, because a value that begins with a dash would be read as an option. */
function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}=${value}`]
}

type Asked = Pick<SessionSpec, 'permissions' | 'asksAll'>

function permissionMode({ permissions = 'ask', asksAll }: Asked): string {
  // Sessions that may only read are asked too: `dontAsk` runs what the user's settings allow, and no rule could stop a push
  // without stopping `ls`. The owner of the session, who is asked instead, can tell them apart.
  return asksAll ? 'default' : modes[permissions]
}

const modes: Readonly<Record<PermissionPreset, string>> = {
  // `dontAsk` denies calls that would ask. `plan` would also change the model's behaviour.
  'read-only': 'dontAsk',
  ask: 'default',
  'accept-edits': 'acceptEdits',
  'full-auto': 'bypassPermissions',
}

/** Settings that deny the listed calls and, with `asksAll`, ask for all others. These rules win over all allow rules. */
function permissionSettings({ asksAll }: Asked, deny: readonly string[]): object {
  const rules = { ...(asksAll && { ask: ['*'] }), ...(deny.length > 0 && { deny }) }
  return {
    ...(Object.keys(rules).length > 0 && { permissions: rules }),
    // With the user's sandbox Claude would allow commands in spite of a rule that asks.
    ...(asksAll && { sandbox: { autoAllowBashIfSandboxed: false } }),
  }
}

/** Variables for the permissions of a session. As root Claude has `bypassPermissions` only in a sandbox. In other sessions each command starts in the project folder, where the owner expects it. */
export function buildPermissionVariables(
  { permissions, asksAll }: Asked,
  isRoot = process.getuid?.() === 0,
): Record<string, string> {
  const isAsked = permissions !== 'full-auto' || asksAll === true
  if (isAsked) return { CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1' }
  return isRoot ? { IS_SANDBOX: '1' } : {}
}
