import { getDefaultCallTimeLimit, mcpServerName } from '@subagent-mcp/contract'
import { createDeniedToolMatcher } from '@subagent-mcp/orchestration'
import { isOurItem } from '../edit/our-items.js'
import { readTextIfAny } from '../file/read-text.js'
import { readValueInFile } from '../read-data.js'
import { fileChange, jsonWithBomRules } from './file-change.js'
import { joinPath, getFolderByVariable } from './folders.js'
import {
  createHookEventEdits,
  buildStatusLineCommand,
  statusLineMark,
  type HostHookEvents,
} from './hook-command.js'
import type { FileChange, Host, HostMachine, HostSetup } from './host.js'
import { createServerEntry } from './server-entry.js'

/**
 * Claude Code. Its time limit for calls is long enough, so none is set. In a project it asks once whether to use the server
 * of `.mcp.json`; the answer is not preset, because in the user's settings it would hold for that name in every project.
 */
export const claudeCodeHost: Host = {
  id: 'claude',
  label: 'Claude Code',
  tested: true,
  scopes: ['user', 'project'],
  isPresent: (machine) =>
    machine.exists(folder(machine)) ||
    machine.exists(stateFile(machine)) ||
    machine.executable('claude') !== undefined,
  changes: (machine, wiring) => [
    registration(machine, wiring),
    ...(wiring.hooks ? [hooks(machine, wiring)] : []),
    allowance(machine, wiring),
    ...(wiring.suppressNative ? [suppression(machine, wiring)] : []),
    ...(wiring.statusLine && wiring.scope === 'user' ? [statusLine(machine, wiring)] : []),
  ],
  // The default time limit of Claude Code for a call is more than 27 hours.
  callLimit: { key: 'timeout', perSecond: 1000, default: getDefaultCallTimeLimit('claude') },
  instructions: (machine) => joinPath(machine, folder(machine), 'CLAUDE.md'),
  restart: 'start a new session; hooks and permissions count at once',
}

const launchers = ['Agent', 'Workflow']

/**
 * A pattern of our tools after which agents run: those that start or continue them, and a wait that may have left some. In a
 * plugin, the name of the plugin stands before that of the server.
 */
const agentStarters = `^mcp__(plugin_${mcpServerName}_)?${mcpServerName}__(launch_agent|send_message|respond_permission|wait)$`

/** The hook events of Claude Code. Their time limits are in seconds. */
const events: HostHookEvents = {
  host: 'claude',
  timeout: 10,
  events: [
    { event: 'SessionStart', lines: [{}, { wakes: true, signs: ['wakes.json'] }] },
    { event: 'UserPromptSubmit', lines: [{ signs: ['told/woken'] }] },
    { event: 'PreToolUse', matcher: createDeniedToolMatcher('claude') },
    { event: 'PostToolUse', matcher: agentStarters, lines: [{ wakes: true }] },
    { event: 'Stop', lines: [{}, { wakes: true, signs: ['wakes.json'] }] },
  ],
}

function folder(machine: HostMachine): string {
  return getFolderByVariable(machine, 'CLAUDE_CONFIG_DIR', joinPath(machine, machine.home, '.claude'))
}

/** The path of `.claude.json`, which has Claude's state and the user's servers: in `CLAUDE_CONFIG_DIR`, otherwise in the home folder. */
function stateFile(machine: HostMachine): string {
  return joinPath(machine, getFolderByVariable(machine, 'CLAUDE_CONFIG_DIR', machine.home), '.claude.json')
}

/** The change that registers our server in Claude Code. A comment would empty its state file, and is an error in a project's file. */
function registration(machine: HostMachine, wiring: HostSetup): FileChange {
  const inProject = wiring.scope === 'project'
  return fileChange({
    host: 'claude',
    what: 'MCP server',
    path: inProject ? joinPath(machine, wiring.project, '.mcp.json') : stateFile(machine),
    format: jsonWithBomRules,
    edits: [
      {
        type: 'set',
        path: ['mcpServers', mcpServerName],
        value: { type: 'stdio', ...createServerEntry(wiring) },
      },
    ],
  })
}

/** The settings file of Claude Code for a user or project. Claude Code ignores the file when it has a comment. */
function settings(machine: HostMachine, wiring: HostSetup) {
  const inProject = wiring.scope === 'project'
  const place = inProject ? joinPath(machine, wiring.project, '.claude') : folder(machine)
  return {
    host: 'claude',
    path: joinPath(machine, place, 'settings.json'),
    format: jsonWithBomRules,
  } as const
}

function hooks(machine: HostMachine, wiring: HostSetup): FileChange {
  const edits = createHookEventEdits(machine, wiring, events)
  return fileChange({ ...settings(machine, wiring), what: 'orchestration, mail and wake hooks', edits })
}

function allowance(machine: HostMachine, wiring: HostSetup): FileChange {
  const rule = `mcp__${mcpServerName}`
  return fileChange({
    ...settings(machine, wiring),
    what: 'our tools allowed without asking',
    edits: [{ type: 'add-item', path: ['permissions', 'allow'], value: rule, ours: { is: rule } }],
  })
}

function suppression(machine: HostMachine, wiring: HostSetup): FileChange {
  return fileChange({
    ...settings(machine, wiring),
    what: 'own sub-agents turned off',
    edits: launchers.map((tool) => ({
      type: 'add-item',
      path: ['permissions', 'deny'],
      value: tool,
      ours: { is: tool },
    })),
  })
}

/** Seconds after which Claude Code runs its status line again, because nothing else does while its session is idle. */
const refreshInterval = 5

function statusLine(machine: HostMachine, wiring: HostSetup): FileChange {
  const value = { type: 'command', command: buildStatusLineCommand(machine, wiring), refreshInterval }
  return fileChange({
    ...settings(machine, wiring),
    what: 'status line with agents at work',
    edits: [{ type: 'set', path: statusLinePath, value, ours: statusLineMark }],
  })
}

const statusLinePath = ['statusLine']

/** Whether the user's settings of Claude Code have a status line that is not ours. Setup leaves it alone. */
export function hasUserStatusLine(machine: HostMachine): boolean {
  const path = joinPath(machine, folder(machine), 'settings.json')
  const shown = readValueInFile(readTextIfAny(path) ?? '', jsonWithBomRules, statusLinePath)
  return shown !== undefined && !isOurItem(shown, statusLineMark)
}
