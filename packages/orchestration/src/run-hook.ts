import { projectOf } from '@subagent-mcp/driver-kit'
import { fstatSync, readSync, writeSync } from 'node:fs'
import { answerEvent, type HookQuestion } from './answer-event.js'
import { readEvent, type HookEvent } from './hook-event.js'
import { modeOf, modesPath, readModes } from './mode-file.js'
import {
  lastMailNotice,
  noticedReports,
  storeDirectiveGiven,
  storeMailNotice,
  storeReportNotice,
  wasDirectiveGiven,
} from './told-sessions.js'
import { readWaitingAgents, reportsFor, type WaitingReports } from './waiting-agents.js'
import { findWaitingMail, readWaitingMail, type MailAddress, type WaitingMail } from './waiting-mail.js'

/** The inputs of one hook run other than the event: host, variables, state folder, clock and mailbox address. */
export type HookOptions = {
  /** The host that runs the hook, as the command line names it. The hook answers nothing to unknown hosts. */
  host: string | undefined
  environment: NodeJS.ProcessEnv
  /** Returns the state folder. If it throws, because other users can change the folder, the hook answers nothing. */
  stateFolder(): string
  now(): number
  /** The id of the process that started the hook: the host, or a shell of the host. */
  parent: number
  /** Returns the mailbox address of a project, by the path of its root. Called only while mail waits. */
  mailAddress(project: string): MailAddress
}

/**
 * Runs one hook of a host: reads the event from stdin and prints the answer, if there is one. Never throws, because
 * hosts take a failed hook for a denial or ignore it. Returns the exit code, which is 0, or 2 for a denial that could
 * not be printed: every host takes 2 for a denial, too.
 */
export function runHook(options: HookOptions): 0 | 2 {
  const asked = orUndefined(() => ask(options))
  const answer = asked && orUndefined(() => answerEvent(asked.question))
  if (asked === undefined || answer === undefined) return 0
  try {
    writeSync(1, JSON.stringify(answer))
  } catch {
    return 'decision' in answer ? deny(answer.reason) : 0
  }
  if (!('decision' in answer)) orUndefined(() => remember(asked))
  return 0
}

type Asked = { question: HookQuestion; stateFolder: string }

function ask(options: HookOptions): Asked | undefined {
  // A terminal, or no input.
  if (fstatSync(0).isCharacterDevice()) return undefined
  const { environment, now, mailAddress, parent } = options
  const event = readEvent(options.host, readInput(0), environment)
  if (event === undefined) return undefined
  const stateFolder = options.stateFolder()
  const modes = readModes(modesPath(stateFolder))
  // Other hosts are not told of mail.
  const mail = event.host === 'claude' ? readWaitingMail(stateFolder) : []
  const sessions = event.kind === 'tool' ? [] : readWaitingAgents(stateFolder)
  const project = modes?.size || mail.length > 0 || sessions.length > 0 ? projectIn(event) : undefined
  if (project === undefined) return undefined
  const mode = modes && modeOf(modes, project, now())
  const told =
    mode !== undefined && event.kind === 'prompt' && wasDirectiveGiven(stateFolder, event, mode.since)
  const waiting = mail.length > 0 ? findWaitingMail(mailAddress(project), mail) : undefined
  const news = waiting && isNews(waiting, stateFolder, event) ? waiting : undefined
  const unread = reportsFor({ project, process: parent }, sessions)
  const reports = unread && isNewReport(unread, stateFolder, event) ? unread : undefined
  return { question: { event, mode, environment, told, news, reports }, stateFolder }
}

function projectIn({ folders }: HookEvent): string | undefined {
  return folders.map((folder) => orUndefined(() => projectOf(folder))).find((found) => found !== undefined)
}

/**
 * Whether a host's session must get a notice of this mail. A starting session gets it again, because it may have lost the
 * earlier one. A turn that a hook has already continued is not continued for mail of unknown age.
 */
function isNews({ newest }: WaitingMail, stateFolder: string, event: HookEvent): boolean {
  if (event.kind === 'session') return true
  const told = lastMailNotice(stateFolder, event)
  return told !== newest && !(event.kind === 'stop' && event.isContinued && told === undefined)
}

/**
 * Whether a host's session must get a notice of these reports. A starting session gets it again, because it may have lost
 * the earlier one. A turn that a hook has already continued is not continued for reports of unknown age.
 */
function isNewReport({ finished, asking }: WaitingReports, stateFolder: string, event: HookEvent): boolean {
  if (event.kind === 'session') return true
  const told = noticedReports(stateFolder, event)
  if (event.kind === 'stop' && event.isContinued && told.length === 0) return false
  return [...finished, ...asking].some((key) => !told.includes(key))
}

/** Stores the notices of a session, so that it gets each once. */
function remember({ question: { event, mode, told, news, reports }, stateFolder }: Asked): void {
  const isDirective = event.kind === 'session' || event.kind === 'prompt'
  if (mode && isDirective && !told) storeDirectiveGiven(stateFolder, event)
  if (news) storeMailNotice(stateFolder, event, news.newest)
  if (reports) storeReportNotice(stateFolder, event, [...reports.finished, ...reports.asking])
}

/** Denies by the exit code, with the reason on stderr. */
function deny(reason: string): 2 {
  orUndefined(() => writeSync(2, reason))
  return 2
}

/** The most bytes that are read from a host: far more than its longest tool call. */
const mostBytes = 16 * 2 ** 20

/**
 * Reads a pipe to its end, synchronously and without Node's streams, which take longer to load. Undefined for more than
 * `mostBytes`; those are read all the same, because a host must not fail at a pipe that nobody reads.
 * @throws the system's error
 */
function readInput(descriptor: number): string | undefined {
  const chunks: Buffer[] = []
  const buffer = Buffer.allocUnsafe(2 ** 14)
  let bytes = 0
  for (let count = readSome(descriptor, buffer); count > 0; count = readSome(descriptor, buffer)) {
    bytes += count
    if (bytes <= mostBytes) chunks.push(Buffer.from(buffer.subarray(0, count)))
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks).toString('utf8')
}

/** Reads a piece of a pipe; 0 at its end, which is an error on Windows. Retries while it is empty: another process may have made it non-blocking. */
function readSome(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Returns the result, or `undefined` for every error, because a failed hook would break its host. */
function orUndefined<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
