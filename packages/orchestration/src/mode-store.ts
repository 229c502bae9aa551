import { SubagentError } from '@subagent-mcp/contract'
import { readText, replaceFile } from '@subagent-mcp/installer'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { toldFolder, toldName } from '../hook/told.js'
import { homeFolder } from '../settings/home-folder.js'
import { withLock } from '../settings/with-lock.js'
import { formatModes, isOn, modeIn, modesPath, parseModes, type ModeEntry, type Modes } from './mode-file.js'

/** Orchestration mode, project by project; a project is the real path of its root. */
export type ModeStore = {
  /** Undefined where it is off. @throws SubagentError when the file is there and cannot be read */
  status(project: string): ModeEntry | undefined
  /** Where it is on. @throws SubagentError when the file is there and cannot be read */
  all(): Modes
  /** Where it was on already, who turned it on, and when, stays. @throws SubagentError */
  turnOn(project: string, entry: Omit<ModeEntry, 'since'>): void
  /** Makes nothing where nothing is on. @throws SubagentError */
  turnOff(project: string): void
  /** Forgets what has expired: while the file is there, hooks start node to read it. @throws SubagentError */
  tidy(): void
}

/** Opens it on this machine. No process writes while another one does, and readers see all of a change or nothing. */
export function openModeStore(environment: NodeJS.ProcessEnv, now: () => number): ModeStore {
  const home = homeFolder(environment)
  const all = (): Modes => whatIsOn(load(modesPath(home)).modes, now())
  return {
    status: (project) => modeIn(all(), project, now()),
    all,
    turnOn: (project, { by, session, expires }) => {
      change(home, now(), (modes) => {
        const from = modes.get(project) ?? { since: now(), by, ...(session !== undefined && { session }) }
        const { expires: _, ...rest } = from
        return new Map(modes).set(project, { ...rest, ...(expires !== undefined && { expires }) })
      })
    },
    tidy: () => {
      const { modes } = load(modesPath(home))
      if (whatIsOn(modes, now()).size < modes.size) change(home, now(), (left) => left)
    },
    turnOff: (project) => {
      if (load(modesPath(home)).modes.size === 0) return
      change(home, now(), (modes) => new Map([...modes].filter(([other]) => other !== project)))
    },
  }
}

/** What has expired goes with the next change, the file with the last project. */
function change(home: string, now: number, edit: (modes: Modes) => Modes): void {
  const path = modesPath(home)
  withLock(`${path}.lock`, () => {
    const { modes, bytes: before } = load(path)
    const after = edit(whatIsOn(modes, now))
    if (after.size === 0) forget(home)
    else if (replaceFile({ path, before, after: Buffer.from(formatModes(after)) }) !== 'replaced')
      throw new SubagentError('io-failed', `somebody else writes ${path}`, { hint: 'run it again' })
  })
}

/** Also which sessions the hook has told of the mode: to be told again. */
function forget(home: string): void {
  const told = toldFolder(home)
  rmSync(modesPath(home), { force: true })
  if (!existsSync(told)) return
  for (const name of readdirSync(told)) if (toldName.test(name)) rmSync(join(told, name), { force: true })
}

function whatIsOn(modes: Modes, now: number): Modes {
  return new Map([...modes].filter(([, entry]) => isOn(entry, now)))
}

function load(path: string): { modes: Modes; bytes: Buffer | undefined } {
  const file = readText(path)
  if (file.type === 'absent') return { modes: new Map(), bytes: undefined }
  if (file.type === 'refused') throw unreadable(path, file.why)
  const modes = parse(path, file.text)
  if (modes === undefined) throw unreadable(path, 'it is of another version')
  return { modes, bytes: file.bytes }
}

function parse(path: string, text: string): Modes | undefined {
  try {
    return parseModes(text)
  } catch (cause) {
    throw unreadable(path, String(cause))
  }
}

/** Hooks take it for off then. */
function unreadable(path: string, why: string): SubagentError {
  const hint = 'update subagent-mcp; or remove the file: the mode is off everywhere then'
  return new SubagentError('config-invalid', `cannot read ${path}: ${why}`, { hint })
}
