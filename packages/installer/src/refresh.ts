import type { RefusedChange } from '@subagent-mcp/installer'
import { hasBlock, planBlocks } from '../blocks/plan-blocks.js'
import { filesWithBlock, writeBlocks } from '../blocks/write-blocks.js'
import type { Terminal } from '../terminal/terminal.js'
import { machineOf } from '../wiring/machine-of.js'
import type { WiringState } from '../wiring/wiring-state.js'
import { writePlanned } from '../wiring/write-planned.js'
import { planRefresh } from './refresh-wiring.js'

/** A file of others that is not as this version would write it; `snippet` is what to put in by hand. */
export type OldFile =
  | { type: 'old'; path: string; write: () => NewFile }
  | { type: 'refused'; path: string; why: string; snippet?: string }

/** What became of one. */
export type NewFile = { type: 'written'; path: string } | Exclude<OldFile, { type: 'old' }>

/**
 * The files of setup and init that are not up to date. Each is looked at when it is asked for, since an earlier one may
 * be the same file; touches nothing by itself.
 */
export function* oldFiles(terminal: Terminal, state: WiringState): Generator<OldFile> {
  const machine = machineOf(terminal)
  for (const choice of state.read().choices) {
    for (const item of planRefresh(machine, choice)) {
      if (item.type === 'refused') yield refused(item)
      if (item.type !== 'write') continue
      const { path } = item
      const write = (): NewFile => {
        const wrote = writePlanned(item, state, choice.scope)
        return wrote.type === 'written'
          ? { type: 'written', path }
          : { type: 'refused', path, why: wrote.why }
      }
      yield { type: 'old', path, write }
    }
  }
  for (const path of filesWithBlock(state)) yield* oldBlock(path, state)
}

function refused({ change, why }: RefusedChange): OldFile {
  return { type: 'refused', path: change.path, why, snippet: change.snippet }
}

/** A block that the user took out stays out; a broken one is told. */
function* oldBlock(path: string, state: WiringState): Generator<OldFile> {
  if (!hasBlock(path)) return
  const [plan] = planBlocks([{ path, head: '', scope: 'user' }])
  if (plan?.type === 'refused') yield plan
  if (plan?.type !== 'change') return
  const write = (): NewFile => {
    const [wrote] = writeBlocks([plan], state)
    return wrote?.type === 'refused' ? wrote : { type: 'written', path }
  }
  yield { type: 'old', path, write }
}
