import { parseJson } from '@subagent-mcp/contract'
import {
  codexHooksFile,
  codexHookTrust,
  codexTrustFile,
  codexTrustsIn,
  hosts,
  plan,
  readData,
  removing,
  serverName,
  valueAt,
  type Edit,
  type FileChange,
  type Host,
  type Machine,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { z } from 'zod'
import { planWiring } from '../wiring/plan-wiring.js'
import { readOrRefuse, textOf } from '../wiring/read-or-refuse.js'
import { serverCommand } from '../wiring/server-command.js'
import { wiringOf, type Choice } from '../wiring/choice.js'

/** What this version would write for a host, as far as its user has left in place what was written; touches nothing. */
export function planRefresh(machine: Machine, choice: Choice): Planned[] {
  const host = hosts.find(({ id }) => id === choice.host)
  if (host === undefined) return []
  const wiring = wiringOf(choice, serverCommand())
  const trust = choice.trust && isTrusted(machine, wiring)
  return planWiring({ machine, hosts: [whatIsLeft(host)], wiring, trust })
}

/** The host with those of its changes that are in its files still: what the user took out stays out. */
function whatIsLeft(host: Host): Host {
  const changes: Host['changes'] = (machine, wiring) =>
    host
      .changes(machine, wiring)
      .filter((change) => plan([removing(change)], readOrRefuse).some(({ type }) => type !== 'unchanged'))
      .map(withoutRights)
  return { ...host, changes }
}

/** What an entry allows is its user's to say once it is there; so is what it has and we do not write. */
const rights = new Set(['trust', 'default_tools_approval_mode', 'enabled'])

function withoutRights(change: FileChange): FileChange {
  return { ...change, edits: change.edits.map((edit) => keepingRights(edit, change)) }
}

function keepingRights(edit: Edit, { path, format }: FileChange): Edit {
  if (edit.type !== 'set' || edit.path.at(-1) !== serverName) return edit
  const read = readData(textOf(path) ?? '', format)
  const there = Entry.safeParse(read.type === 'data' ? valueAt(read.data, edit.path) : undefined)
  const ours = Object.entries(Entry.parse(edit.value)).filter(([key]) => !rights.has(key))
  return { ...edit, value: { ...there.data, ...Object.fromEntries(ours) } }
}

const Entry = z.record(z.string(), z.json())

/** Whether our hooks are on record with Codex still. */
function isTrusted(machine: Machine, wiring: Wiring): boolean {
  const path = codexHooksFile(machine, wiring)
  const trusted = codexTrustsIn(textOf(codexTrustFile(machine)) ?? '')
  return codexHookTrust(path, parseJson(textOf(path) ?? '')).some(({ key }) => trusted.has(key))
}
