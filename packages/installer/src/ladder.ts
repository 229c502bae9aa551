import type { HostId } from './hosts/host.js'

/** A way in which a person runs a host; hosts differ by it in how their sessions can be told of agents. */
type Seat = { label: string; hosts: readonly HostId[] }

/** The ways in which hosts are run, in the order of the columns of `docs/hosts.md`. */
export const seats = {
  claude: { label: 'Claude Code', hosts: ['claude'] },
  'claude-headless': { label: '`claude -p`, Agent SDK', hosts: ['claude'] },
  codex: { label: 'Codex', hosts: ['codex'] },
  gemini: { label: 'Gemini CLI', hosts: ['gemini'] },
  others: {
    label: 'other hosts',
    hosts: ['claude-desktop', 'copilot', 'cursor', 'opencode', 'vscode', 'windsurf', 'zed'],
  },
} as const satisfies Record<string, Seat>

type SeatId = keyof typeof seats

/** A way in which a host's session learns that an agent has finished or asks. */
type Rung = {
  /** The way, as `doctor` and the page on hosts name it. */
  name: string
  /** Whether the session gets a turn that nobody typed. */
  wakes: boolean
  /** Whether it needs the hooks that `setup` installs. */
  needsHooks: boolean
  /** Whether it is only used where the user agreed to it with `wake.codex`. */
  needsConsent?: true
  /** The seats that have it, with the condition; an empty text for none. */
  seats: Partial<Record<SeatId, string>>
}

/** All ways, the earliest news first. */
export const ladder: readonly Rung[] = [
  {
    name: 'the result of `wait` or `invoke` comes back by itself (MCP Tasks)',
    wakes: true,
    needsHooks: false,
    seats: { claude: 'unless `CLAUDE_CODE_DISABLE_MCP_TASKS` is set' },
  },
  {
    name: 'a hook wakes the session',
    wakes: true,
    needsHooks: true,
    seats: { claude: 'on Windows only the only session of a project' },
  },
  {
    name: 'a message in the name of the user wakes the session',
    wakes: true,
    needsHooks: false,
    needsConsent: true,
    seats: { codex: 'with `wake.codex`, not in `codex exec`' },
  },
  {
    name: 'a blocking `wait` continues in the background and wakes the session',
    wakes: true,
    needsHooks: false,
    seats: { claude: 'after two minutes', 'claude-headless': 'with `CLAUDE_AUTO_BACKGROUND_TASKS=1`' },
  },
  {
    name: 'the next prompt says so',
    wakes: false,
    needsHooks: true,
    seats: { claude: '', 'claude-headless': '', codex: 'once its hooks are trusted', gemini: '' },
  },
]

/** The ways that a seat has, with or without the hooks of `setup`, and `wake.codex`. */
export function rungsOf(
  seat: SeatId,
  { hooks, wakesCodex }: { hooks: boolean; wakesCodex: boolean },
): readonly Rung[] {
  return ladder.filter(
    ({ seats: conditions, needsHooks, needsConsent }) =>
      conditions[seat] !== undefined && (hooks || !needsHooks) && (wakesCodex || !needsConsent),
  )
}

/** The seat that a host is mostly run in, the first of its seats. */
export function seatOf(host: HostId): SeatId {
  const ids = Object.keys(seats).filter(isSeat)
  return ids.find((id) => seats[id].hosts.some((one) => one === host)) ?? 'others'
}

function isSeat(id: string): id is SeatId {
  return Object.hasOwn(seats, id)
}
