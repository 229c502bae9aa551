import { callTimeLimitVariable } from '@subagent-mcp/contract'
import { permissionCeilingVariable, nestingDepthVariable } from './nesting.js'
import { childMarkVariable } from '../processes/find-processes.js'
import { splitAtSpaces, type VariableGroup } from './variable-group.js'

/**
 * Variables with which a CLI tells its child processes that they run inside a session. They are removed for a CLI that a
 * driver starts, because with them it would refuse to start, share files and sockets with the caller's session, or report
 * itself as a part of it. Collected from claude 2.1.329: what it sets for MCP servers and shells, and what it removes for
 * background sessions. Kept are variables for the sign-in (`CLAUDE_CODE_OAUTH_TOKEN`, `CLAUDE_CODE_USE_*`,
 * `CLAUDE_CODE_HOST_AUTH_*` …) and the user's settings (`CLAUDE_CONFIG_DIR`, `CLAUDE_CODE_MAX_RETRIES` …).
 */
export const cliSessionVariables: readonly VariableGroup[] = [
  {
    reason: 'is set by a driver for its children, and the caller may be one',
    names: [childMarkVariable, nestingDepthVariable, permissionCeilingVariable],
  },
  {
    reason: "states how long the caller's host waits for a call of a tool, and the session is another host",
    names: [callTimeLimitVariable],
  },
  {
    reason: 'says "you run inside a session": the nesting guard, and the lineage and notes that hang on it',
    names: splitAtSpaces(
      'CLAUDECODE CLAUDE_CODE_CHILD_SESSION CLAUDE_CODE_CHILD_NOTES_DIR',
      'CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS CLAUDE_CODE_SESSION_ATTENDED CLAUDE_PID AI_AGENT',
      'TRACEPARENT',
    ),
  },
  {
    reason: "describes the caller's session: its id, kind, task list, effort, how it was started",
    names: splitAtSpaces(
      'CLAUDE_CODE_SESSION_ID CLAUDE_SESSION_ID CLAUDE_CODE_SESSION_KIND CLAUDE_CODE_SESSION_NAME',
      'CLAUDE_CODE_SESSION_ORIGIN CLAUDE_CODE_SESSION_BEGAN_AS_COPY',
      'CLAUDE_CODE_SESSION_CREATED_AT_MS CLAUDE_CODE_SESSION_LOG CLAUDE_CODE_TASK_LIST_ID',
      'CLAUDE_CODE_TOOL_USE_ID CLAUDE_CODE_INVOKED_SKILLS CLAUDE_CODE_AGENT',
      'CLAUDE_CODE_COORDINATOR_MODE CLAUDE_EFFORT CLAUDE_JOB_DIR CLAUDE_CODE_ENTRYPOINT',
      'CLAUDE_CODE_ENTRYPOINT_ON_REQUESTS CLAUDE_CODE_EXECPATH CLAUDE_CODE_SPAWNED_BY_SERVER',
      'CLAUDE_CODE_SPAWN_TIMESTAMP_MS CLAUDE_AGENT_SDK_CLIENT_APP CLAUDE_AGENT_SDK_VERSION',
      'CLAUDE_INTERNAL_ASSISTANT_TEAM_NAME CLAUDE_INTERNAL_SESSION_TASK_LIST_ID',
      'CLAUDE_RELAUNCH_SESSION_ADD_DIRS',
    ),
    prefixes: ['CLAUDE_CODE_RELAUNCH_'],
  },
  {
    reason: "tells a hook, a plugin or an MCP server of the caller's session its folders",
    names: splitAtSpaces(
      'CLAUDE_PROJECT_DIR CLAUDE_ENV_FILE CLAUDE_SKILL_DIR CLAUDE_PLUGIN_ROOT CLAUDE_PLUGIN_DATA',
    ),
    prefixes: ['CLAUDE_PLUGIN_OPTION_'],
  },
  {
    reason: 'connects to the caller: its editor, its sockets, its background service, its remote session',
    names: splitAtSpaces(
      'CLAUDE_CODE_SSE_PORT CLAUDE_CODE_MESSAGING_SOCKET CLAUDE_CODE_MESSAGING_TOKEN',
      'CLAUDE_CODE_SESSION_ACCESS_TOKEN CLAUDE_CODE_WEBSOCKET_AUTH_FILE_DESCRIPTOR',
      'CLAUDE_CODE_REMOTE_SESSION_ID CLAUDE_CODE_REMOTE_SESSION_ORIGIN',
      'CLAUDE_CODE_REMOTE_SESSION_UUID CLAUDE_CODE_CLOUD_SESSION_ID CLAUDE_CODE_HOST_SESSION_ID',
      'CLAUDE_CODE_HOST_WORKTREE CLAUDE_CODE_HOST_WORKTREE_FENCE CLAUDE_CODE_HOST_CHECKED_FOLDER',
      'CLAUDE_CODE_TMUX_SESSION',
    ),
    prefixes: ['CLAUDE_BG_', 'CLAUDE_BRIDGE_REATTACH_', 'CLAUDE_CODE_BRIDGE_'],
  },
  {
    reason: "would make the new session resume the caller's interrupted one",
    names: splitAtSpaces(
      'CLAUDE_CODE_RESUME_FROM_SESSION CLAUDE_CODE_RESUME_INTERRUPTED_TURN',
      'CLAUDE_CODE_RESUME_PROMPT CLAUDE_CODE_RESUME_REASON CLAUDE_CODE_RESUME_SOURCE_ALIVE',
    ),
  },
]
