import { readUpdates } from './update-history.js'
import type { WiringState } from '../wiring/wiring-state.js'

/** What one command changed: the files that it wrote, and of an update the release before it. */
export type Change = { run: string; files: Pick<WiringState, 'read' | 'remove'>; from: string | undefined }

/** The change that came last and was not taken back; runs are named by their time. */
export function lastChange(environment: NodeJS.ProcessEnv, state: WiringState): Change | undefined {
  const updates = readUpdates(environment)
  const [run] = [...state.read().files, ...updates]
    .map((change) => change.run)
    .sort()
    .reverse()
  if (run === undefined) return undefined
  const read = (): ReturnType<WiringState['read']> => {
    const data = state.read()
    return { ...data, files: data.files.filter((written) => written.run === run) }
  }
  const from = updates.find((update) => update.run === run)?.from
  return { run, files: { read, remove: state.remove }, from }
}
