import { parseJson } from '@subagent-mcp/driver-kit'
import {
  codexHooksFile,
  codexHookTrust,
  codexTrustChange,
  hosts,
  plan,
  removing,
  serverName,
  type FileChange,
  type FilePlan,
  type Machine,
  type RefusedChange,
  type Wiring,
} from '@subagent-mcp/installer'
import { readOrRefuse } from './read-or-refuse.js'

/** Places that no record speaks of: the user's own, and those of the project here. */
export type Unrecorded = { machine: Machine; project: string; recorded: ReadonlySet<string> }

/** What is ours in files that no record speaks of, as after the state was lost: entries of our name, and no others. */
export function planLeftovers({ machine, project, recorded }: Unrecorded): (FilePlan | RefusedChange)[] {
  const changes = (['user', 'project'] as const).flatMap((scope) => ofScope(machine, { scope, project }))
  const planned = plan(
    changes.filter(({ path }) => !recorded.has(path) && isMentioned(path)),
    readOrRefuse,
  )
  return planned.filter((item) => item.type !== 'unchanged')
}

function ofScope(machine: Machine, place: Pick<Wiring, 'scope' | 'project'>): FileChange[] {
  const server = { command: serverName, args: [] }
  const wiring = { ...place, server, hooks: true, suppressNative: true, forward: [] }
  const entries = hosts.flatMap((host) => host.changes(machine, wiring)).map(removing)
  return [...entries, ...codexTrusts(machine, place)]
}

/** Trust has the name of the hooks' file, and of nobody: it is ours where the hooks there are. */
function codexTrusts(machine: Machine, place: Pick<Wiring, 'scope' | 'project'>): FileChange[] {
  const path = codexHooksFile(machine, place)
  const file = readOrRefuse(path)
  const trusts = file.type === 'text' ? codexHookTrust(path, parseJson(file.text)) : []
  if (trusts.length === 0) return []
  const edits = trusts.map(({ key }) => ({ type: 'remove', path: ['hooks', 'state', key] }) as const)
  return [{ ...codexTrustChange(machine, trusts), edits }]
}

/** A file that cannot be edited is told of only where it speaks of us. */
function isMentioned(path: string): boolean {
  const file = readOrRefuse(path)
  return file.type === 'text' && file.text.includes(serverName)
}
