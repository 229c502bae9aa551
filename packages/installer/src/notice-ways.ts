import type { HostId } from './hosts/host.js'

/** A way to run a host, such as in a terminal or headless. It decides how the host's sessions can learn of finished agents. */
type HostMode = { label: string; hosts: readonly HostId[] }

/** The ways in which hosts are run, in the order of the columns of `docs/hosts.md`. */
export const hostModes = {
  claude: { label: 'Claude Code', hosts: ['claude'] },
  'claude-headless': { label: '`claude -p`, Agent SDK', hosts: ['claude'] },
  codex: { label: 'Codex', hosts: ['codex'] },
  gemini: { label: 'Gemini CLI', hosts: ['gemini'] },
  others: {
    label: 'other hosts',
    hosts: ['claude-desktop', 'copilot', 'cursor', 'opencode', 'vscode', 'windsurf', 'zed'],
  },
} as const satisfies Record<string, HostMode>

type HostModeId = keyof typeof hostModes

/** A way in which a host's session learns that an agent has finished or asks. */
type NoticeWay = {
  /** The way, as `doctor` and the page on hosts name it. */
  name: string
  /** Whether the session gets a turn that nobody typed. */
  wakes: boolean
  /** Whether it needs the hooks that `setup` installs. */
  needsHooks: boolean
  /** Whether it is only used where the user agreed to it with `wake.codex`. */
  needsConsent?: true
  /** The host modes in which this way exists, each with its condition; an empty text means no condition. */
  hostModes: Partial<Record<HostModeId, string>>
}

/** All ways in which sessions learn of finished agents; the way that informs a session earliest is first. */
export const noticeWays: readonly NoticeWay[] = [
  {
    name: 'the result of `wait` or `invoke` comes back by itself (MCP Tasks)',
    wakes: true,
    needsHooks: false,
    hostModes: { claude: 'unless `CLAUDE_CODE_DISABLE_MCP_TASKS` is set' },
  },
  {
    name: 'a hook wakes the session',
    wakes: true,
    needsHooks: true,
    hostModes: { claude: 'on Windows only the only session of a project' },
  },
  {
    name: 'a message in the name of the user wakes the session',
    wakes: true,
    needsHooks: false,
    needsConsent: true,
    hostModes: { codex: 'with `wake.codex`, not in `codex exec`' },
  },
  {
    name: 'a blocking `wait` continues in the background and wakes the session',
    wakes: true,
    needsHooks: false,
    hostModes: { claude: 'after two minutes', 'claude-headless': 'with `CLAUDE_AUTO_BACKGROUND_TASKS=1`' },
  },
  {
    name: 'the next prompt says so',
    wakes: false,
    needsHooks: true,
    hostModes: { claude: '', 'claude-headless': '', codex: 'once its hooks are trusted', gemini: '' },
  },
]

/** Returns the ways that a host mode has. `hooks`: the hooks of `setup` are installed; `wakesCodex`: `wake.codex` is set. */
export function listNoticeWaysOfMode(
  hostMode: HostModeId,
  { hooks, wakesCodex }: { hooks: boolean; wakesCodex: boolean },
): readonly NoticeWay[] {
  return noticeWays.filter(
    ({ hostModes: conditions, needsHooks, needsConsent }) =>
      conditions[hostMode] !== undefined && (hooks || !needsHooks) && (wakesCodex || !needsConsent),
  )
}

export function getMainModeOfHost(host: HostId): HostModeId {
  const ids = Object.keys(hostModes).filter(isHostMode)
  return ids.find((id) => hostModes[id].hosts.some((one) => one === host)) ?? 'others'
}

function isHostMode(id: string): id is HostModeId {
  return Object.hasOwn(hostModes, id)
}
