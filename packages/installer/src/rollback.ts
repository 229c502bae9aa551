import { foreseePutBack, putBlockBack, type TookOut } from '../blocks/put-block-back.js'
import { localDate } from '../local-date.js'
import { foreseeUndo, isLeft, undoWiring, type UndoneFile } from './undo-wiring.js'
import type { Deed, WiringData } from './wiring-data.js'
import type { WiringState } from './wiring-state.js'

/** The command that changed something last, and was not taken back. Runs are named by their time. */
export function lastRun({ files, deeds }: WiringData): string | undefined {
  const runs = [...files, ...deeds].map(({ run }) => run)
  return runs.sort().at(-1)
}

/** Which command a run was, and when. */
export function titleOf(run: string): string {
  const [, day, hours, minutes, rest, command = 'a command'] =
    /^(.{10})T(\d\d)-(\d\d)-(\d\d-\d{3})Z-(.*)$/.exec(run) ?? []
  if (day === undefined) return run
  const date = new Date(`${day}T${hours}:${minutes}:${rest?.replace('-', '.')}Z`)
  return `${command} of ${localDate(date.getTime())} ${date.toTimeString().slice(0, 5)}`
}

/** What would become of its files; touches nothing. */
export function foreseeUndoRun(state: WiringState, run: string): UndoneFile[] {
  return [...foreseeUndo(ofRun(state, run)), ...tookOut(state, run).map(foreseePutBack)]
}

/** Takes back what a run wrote, took out and chose; what could not be taken back stays on record. */
export function undoRun(state: WiringState, run: string): UndoneFile[] {
  const wrote = undoWiring(ofRun(state, run))
  const putBack = tookOut(state, run).map((deed) => putBlockBack(deed, state))
  const left = new Set(putBack.filter(isLeft).map(({ path }) => path))
  const isDone = (deed: Deed): boolean =>
    deed.run === run && !(deed.type === 'took-out' && left.has(deed.path))
  state.change((data) => {
    const chose = data.deeds.find((deed) => deed.run === run && deed.type === 'chose')
    return {
      ...data,
      choices: chose?.type === 'chose' ? chose.choices : data.choices,
      deeds: data.deeds.filter((deed) => !isDone(deed)),
    }
  })
  return [...wrote, ...putBack]
}

function ofRun({ read, remove }: WiringState, run: string): Pick<WiringState, 'read' | 'remove'> {
  return {
    read: () => {
      const data = read()
      return { ...data, files: data.files.filter((written) => written.run === run) }
    },
    remove,
  }
}

function tookOut({ read }: WiringState, run: string): TookOut[] {
  return read().deeds.flatMap((deed) => (deed.type === 'took-out' && deed.run === run ? [deed] : []))
}
