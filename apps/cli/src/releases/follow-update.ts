import type { Terminal } from '../terminal/terminal.js'
import { basename } from 'node:path'
import { machineOf } from '../wiring/machine-of.js'
import { planBlockRefresh, refreshBlocks } from '../blocks/refresh-blocks.js'
import { planWiringRefresh, refreshWiring } from './refresh-wiring.js'
import type { Refreshed } from './refreshed.js'
import { changeUpdates } from './update-history.js'
import { openWiringState } from '../wiring/wiring-state.js'

/**
 * Brings all that setup and init wrote up to this version. After an update `from` is the release before it: then it is
 * known what a rollback leads back to.
 */
export function followUpdate(terminal: Terminal, from?: string): Refreshed[] {
  const state = openWiringState(terminal.environment, terminal.now())
  if (from !== undefined) {
    const update = { from, run: basename(state.backups) }
    changeUpdates(terminal.environment, (updates) => [...updates, update])
  }
  const entries = refreshWiring(machineOf(terminal), state)
  const blocks = refreshBlocks(state).flatMap((outcome): Refreshed[] => {
    const { type, path } = outcome
    if (type === 'refused') return [{ type, path, why: outcome.why }]
    return type === 'written' ? [{ type, path }] : []
  })
  return [...entries, ...blocks]
}

/** The files that this would write. */
export function planFollowing(terminal: Terminal): string[] {
  const state = openWiringState(terminal.environment, terminal.now())
  const entries = planWiringRefresh(machineOf(terminal), state).flatMap((item) =>
    item.type === 'write' ? [item.path] : [],
  )
  const blocks = planBlockRefresh(state).flatMap((item) => (item.type === 'change' ? [item.path] : []))
  return [...entries, ...blocks]
}
