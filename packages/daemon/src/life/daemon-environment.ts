import { callLimitVariable } from '@subagent-mcp/contract'

/** The variables that the daemon itself needs: for its files, system tools and settings. */
const needed: readonly RegExp[] = [
  /^(HOME|USER|LOGNAME|SHELL|PATH|TMPDIR|TZ|LANG|LC_[A-Z]+|LD_LIBRARY_PATH|NIX_LD|NIX_LD_LIBRARY_PATH|XDG_[A-Z_]+)$/,
  /^(USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|LOCALAPPDATA|APPDATA|TEMP|TMP)$/,
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT)$/,
  // The user's session, in which a desktop shows notices.
  /^DBUS_SESSION_BUS_ADDRESS$/,
  /^SUBAGENT_MCP_/,
]

/**
 * Variables that mark a process as part of an agent, which a daemon does not inherit. Otherwise it would be killed as a process
 * of that agent, or would use the mailbox and tools of the worker's session that started it. The limit of one host's calls is not that of others.
 */
const marks: readonly string[] = [
  ...['SUBAGENT_MCP_NONCE', 'SUBAGENT_MCP_DEPTH', 'SUBAGENT_MCP_CEILING'],
  ...['SUBAGENT_MCP_MAILBOX', 'SUBAGENT_MCP_TOOLS', callLimitVariable],
]

/**
 * The environment in which a daemon is started. The daemon outlives its starter and serves others, so it gets no API keys and
 * no marks of an agent session; each agent gets the environment of its own caller.
 */
export function daemonEnvironment(
  starter: NodeJS.ProcessEnv,
  versions: NodeJS.Dict<string> = process.versions,
): NodeJS.ProcessEnv {
  // The names of Windows have no case.
  const isNeeded = (name: string): boolean => needed.some((names) => names.test(name.toUpperCase()))
  const entries = Object.entries(starter).filter(([name]) => isNeeded(name) && !marks.includes(name))
  // A host may run us in its Electron, which is a node only when it is told to be one.
  return { ...Object.fromEntries(entries), ...('electron' in versions && { ELECTRON_RUN_AS_NODE: '1' }) }
}
