import { checkOwnPlace } from '@subagent-mcp/daemon'
import { fstatSync, writeSync } from 'node:fs'
import { mailOf, readMail, type WaitingMail } from '../mail/mail-file.js'
import { modeIn, modesPath, readModes } from '../mode/mode-file.js'
import { projectOf } from '@subagent-mcp/driver-kit'
import { homeFolder } from '../settings/home-folder.js'
import { answerEvent, type Question } from './answer-event.js'
import { readEvent, type HookEvent } from './hook-event.js'
import { readInput } from './read-input.js'
import { isTold, keepMailTold, keepTold, mailTold } from './told.js'

/**
 * Answers what a host says on stdin, or says nothing, and never throws: a host takes a failed hook for one that forbids,
 * or for none. A denial that cannot be written is told by the exit code, as all of them understand it.
 */
export function answerHook(host: string | undefined): void {
  const question = orNothing(() => ask(host))
  const answer = question && orNothing(() => answerEvent(question))
  if (question === undefined || answer === undefined) return
  try {
    writeSync(1, JSON.stringify(answer))
  } catch {
    if ('decision' in answer) deny(answer.reason)
    return
  }
  if (!('decision' in answer)) orNothing(() => remember(question))
}

function ask(host: string | undefined): Question | undefined {
  // A terminal, or no input at all.
  if (fstatSync(0).isCharacterDevice()) return undefined
  const { env: environment } = process
  const event = readEvent(host, readInput(0), environment)
  if (event === undefined) return undefined
  const home = homeFolder(environment)
  // What another user wrote is not for the model. This throws, and nothing is answered.
  checkOwnPlace(home)
  const modes = readModes(modesPath(home))
  // Other hosts are not told of mail.
  const mail = event.host === 'claude' ? readMail(home) : undefined
  const project = modes?.size || mail?.length ? projectIn(event) : undefined
  if (project === undefined) return undefined
  const mode = modes && modeIn(modes, project, Date.now())
  const told = mode !== undefined && event.kind === 'prompt' && isTold(home, event, mode.since)
  return { event, mode, environment, told, news: newsOf(mail && mailOf(project, mail), home, event) }
}

function projectIn({ folders }: HookEvent): string | undefined {
  return folders.map((folder) => orNothing(() => projectOf(folder))).find((found) => found !== undefined)
}

/** What a session that begins was told before may be forgotten. A turn goes on only for what is known to be new. */
function newsOf(mail: WaitingMail | undefined, home: string, event: HookEvent): WaitingMail | undefined {
  if (mail === undefined || event.kind === 'session') return mail
  const told = mailTold(home, event)
  if (told === mail.newest) return undefined
  return event.kind === 'stop' && event.isContinued && told === undefined ? undefined : mail
}

/** What was told, so that it is told once. */
function remember({ event, mode, told, news }: Question): void {
  const home = homeFolder(process.env)
  const isDirective = event.kind === 'session' || event.kind === 'prompt'
  if (mode && isDirective && !told) keepTold(home, event)
  if (news) keepMailTold(home, event, news.newest)
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
