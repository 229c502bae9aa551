import { SubagentError } from '@subagent-mcp/contract'
import { withLockFile } from '@subagent-mcp/driver-kit'
import { readFileSync, rmSync } from 'node:fs'
import {
  formatModesFile,
  isProjectModeOn,
  findProjectMode,
  getModesFilePath,
  parseModesFile,
  type StoredOrchestrationMode,
  type OrchestrationModesByProject,
} from './mode-file.js'
import { replaceStateFile } from './hook-file.js'
import { directiveNotices } from './session-notices.js'

/** Orchestration mode of every project, kept in a file. A project is the real path of its root. */
export type ModeStore = {
  /** Returns the mode of a project; undefined when it is off. @throws SubagentError when the file cannot be read */
  status(project: string): StoredOrchestrationMode | undefined
  /** The projects in which orchestration mode is on. @throws SubagentError when the file cannot be read */
  all(): OrchestrationModesByProject
  /** Turns the mode on. Where it is on already, only `expires` changes. @throws SubagentError */
  turnOn(project: string, entry: Omit<StoredOrchestrationMode, 'since'>): void
  /** Turns the mode off; creates no file when the mode is on nowhere. @throws SubagentError */
  turnOff(project: string): void
  /** Removes expired entries, because hook lines start Node as long as the file exists. @throws SubagentError */
  tidy(): void
}

/** Opens the orchestration modes in a state folder. Processes write one at a time; readers see all of a change or nothing. */
export function openModeStore({ stateFolder, now }: { stateFolder: string; now: () => number }): ModeStore {
  const all = (): OrchestrationModesByProject => onlyOn(load(getModesFilePath(stateFolder)), now())
  return {
    status: (project) => findProjectMode(all(), project, now()),
    all,
    turnOn: (project, { by, session, expires }) => {
      change(stateFolder, now(), (modes) => {
        const from = modes.get(project) ?? { since: now(), by, ...(session !== undefined && { session }) }
        const { expires: _, ...rest } = from
        return new Map(modes).set(project, { ...rest, ...(expires !== undefined && { expires }) })
      })
    },
    tidy: () => {
      const modes = load(getModesFilePath(stateFolder))
      if (onlyOn(modes, now()).size < modes.size) change(stateFolder, now(), (left) => left)
    },
    turnOff: (project) => {
      if (load(getModesFilePath(stateFolder)).size === 0) return
      change(stateFolder, now(), (modes) => new Map([...modes].filter(([other]) => other !== project)))
    },
  }
}

/** Changes the file of modes. Drops expired entries, and removes the file with its last project. */
function change(
  stateFolder: string,
  now: number,
  edit: (modes: OrchestrationModesByProject) => OrchestrationModesByProject,
): void {
  const path = getModesFilePath(stateFolder)
  withLockFile(`${path}.lock`, () => {
    const after = edit(onlyOn(load(path), now))
    if (after.size > 0) replaceStateFile(path, formatModesFile(after))
    else {
      rmSync(path, { force: true })
      directiveNotices.forget(stateFolder)
    }
  })
}

function onlyOn(modes: OrchestrationModesByProject, now: number): OrchestrationModesByProject {
  return new Map([...modes].filter(([, entry]) => isProjectModeOn(entry, now)))
}

function load(path: string): OrchestrationModesByProject {
  try {
    const modes = parseModesFile(readFileSync(path, 'utf8'))
    if (modes !== undefined) return modes
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map()
    throw unreadable(path, String(cause))
  }
  throw unreadable(path, 'it is of another version')
}

/** The error for a file of modes that cannot be read. Hooks treat the mode as off then. */
function unreadable(path: string, why: string): SubagentError {
  const hint = 'update subagent-mcp; or remove the file: the mode is off everywhere then'
  return new SubagentError('config-invalid', `cannot read ${path}: ${why}`, { hint })
}
