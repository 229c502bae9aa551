import { codexTrustAfterRemoval, plan, type Machine } from '@subagent-mcp/installer'
import { basename } from 'node:path'
import { readOrRefuse, textOf } from './read-or-refuse.js'
import { takeOutUnrecorded } from './leftovers.js'
import { isLeft, type UndoneFile } from './undo-wiring.js'
import type { WiringState } from './wiring-state.js'

/** Takes files back by `undo`; where that moves hooks of the user's in Codex's files, their trust moves with them. */
export function followingTrust(
  machine: Machine,
  state: Pick<WiringState, 'read' | 'backups'>,
  undo: () => UndoneFile[],
): UndoneFile[] {
  const paths = new Set(state.read().files.map(({ record }) => record.path))
  const hooks = [...paths]
    .filter((path) => basename(path) === 'hooks.json')
    .map((path) => ({ path, before: textOf(path) }))
  const undone = undo()
  const failed = hooks
    .flatMap(({ path, before }) => {
      const change = codexTrustAfterRemoval(machine, { path, before, after: textOf(path) }, readOrRefuse)
      return change ? plan([change], readOrRefuse) : []
    })
    .flatMap((item) => (item.type === 'unchanged' ? [] : [takeOutUnrecorded(item, state)]))
    .filter(isLeft)
  return [...undone, ...failed]
}
