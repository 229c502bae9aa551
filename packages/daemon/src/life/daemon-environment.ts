import { callTimeLimitVariable } from '@subagent-mcp/contract'

/** The variables that a daemon itself needs for its files, system tools and settings. */
const needed: readonly RegExp[] = [
  /^(HOME|USER|LOGNAME|SHELL|PATH|TMPDIR|TZ|LANG|LC_[A-Z]+|LD_LIBRARY_PATH|NIX_LD|NIX_LD_LIBRARY_PATH|XDG_[A-Z_]+)$/,
  /^(USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|APPDATA|TEMP|TMP)$/,
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT)$/,
  // Variables of the user's desktop session, in which notices are shown.
  /^DBUS_SESSION_BUS_ADDRESS$/,
  /^SUBAGENT_MCP_/,
]

/**
 * The options of Node with which a daemon is started. Old objects are collected when they are twice what was in use after the last
 * collection: by default V8 waits for four times as much.
 */
export const daemonNodeOptions: readonly string[] = ['--heap-growing-percent=100']

/**
 * The variable that says how often a daemon was restarted after it was killed, and since when: `3 1790000000`. Only the process that starts
 * the next daemon sets it.
 */
export const restartCountVariable = 'SUBAGENT_MCP_RESTARTS'

/**
 * Variables that a daemon does not inherit. Most of them mark a process as part of an agent session: with them the daemon would be
 * killed together with that agent, or would use the agent's mailbox and tools. One limits the calls of a single host, and one counts
 * the restarts of a single daemon.
 */
const marks: readonly string[] = [
  ...['SUBAGENT_MCP_NONCE', 'SUBAGENT_MCP_DEPTH', 'SUBAGENT_MCP_CEILING'],
  ...['SUBAGENT_MCP_MAILBOX', 'SUBAGENT_MCP_TOOLS', callTimeLimitVariable, restartCountVariable],
]

/**
 * Returns the environment for a daemon process. The daemon outlives the process that starts it and serves other clients, so it gets
 * no API keys and no marks of an agent session. Each agent gets the environment of its own caller.
 */
export function createDaemonEnvironment(
  starter: NodeJS.ProcessEnv,
  versions: NodeJS.Dict<string> = process.versions,
): NodeJS.ProcessEnv {
  // Windows ignores the case of variable names.
  const isNeeded = (name: string): boolean => needed.some((names) => names.test(name.toUpperCase()))
  const entries = Object.entries(starter).filter(([name]) => isNeeded(name) && !marks.includes(name))
  // A host may run this program in its Electron, which behaves as Node only with this variable.
  return { ...Object.fromEntries(entries), ...('electron' in versions && { ELECTRON_RUN_AS_NODE: '1' }) }
}

/**
 * Returns the variables of OpenTelemetry, which a daemon process gets as well, for the traces of its agents. What the daemon starts does
 * not get them: they may hold a key of the collector, and CLIs have telemetry of their own.
 */
export function selectTraceVariables(starter: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(starter).filter(([name]) => /^OTEL_/i.test(name)))
}
