import { fstatSync, writeSync } from 'node:fs'
import { modeIn, modesPath, readModes, type ModeEntry } from '../mode/mode-file.js'
import { projectOf } from '../mode/project-root.js'
import { homeFolder } from '../settings/home-folder.js'
import { answerEvent, type Answer } from './answer-event.js'
import { readEvent, type HookEvent } from './hook-event.js'
import { readInput } from './read-input.js'
import { isTold, keepTold } from './told.js'

/**
 * Answers what a host says on stdin, or says nothing, and never throws: a host takes a failed hook for one that forbids,
 * or for none. A denial that cannot be written is told by the exit code, as all of them understand it.
 */
export function answerHook(host: string | undefined): void {
  const asked = orNothing(() => ask(host))
  if (asked?.answer === undefined) return
  const { event, answer, told } = asked
  try {
    writeSync(1, JSON.stringify(answer))
    if (event.kind !== 'tool' && !told) keepTold(homeFolder(process.env), event)
  } catch {
    if ('decision' in answer) deny(answer.reason)
  }
}

type Asked = { event: HookEvent; answer: Answer | undefined; told: boolean }

function ask(host: string | undefined): Asked | undefined {
  // A terminal, or no input at all.
  if (fstatSync(0).isCharacterDevice()) return undefined
  const { env: environment } = process
  const event = readEvent(host, readInput(0), environment)
  const mode = event && modeOf(event)
  if (event === undefined || mode === undefined) return undefined
  const told = event.kind === 'prompt' && isTold(homeFolder(environment), event, mode.since)
  return { event, answer: answerEvent({ event, mode, environment, told }), told }
}

function modeOf({ folders }: HookEvent): ModeEntry | undefined {
  const modes = readModes(modesPath(homeFolder(process.env)))
  if (!modes?.size) return undefined
  const project = folders
    .map((folder) => orNothing(() => projectOf(folder)))
    .find((found) => found !== undefined)
  return project === undefined ? undefined : modeIn(modes, project, Date.now())
}

/** The exit code of a hook that denies, with its reason on stderr. */
function deny(reason: string): void {
  process.exitCode = 2
  orNothing(() => writeSync(2, reason))
}

/** What goes wrong here is no reason to break a host. */
function orNothing<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
