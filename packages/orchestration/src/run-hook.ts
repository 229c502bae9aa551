import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { writeSync } from 'node:fs'
import { answerHookEvent, type HookAnswerInput } from './answer-event.js'
import { parseHookEvent, type HookEvent } from './hook-event.js'
import { findProjectMode, getModesFilePath, readModesFile } from './mode-file.js'
import { readHookInput } from './read-hook-input.js'
import { directiveNotices, mailNotices, readNoticedReportKeys, storeReportNotice } from './session-notices.js'
import {
  readUnreadReportsForHooks,
  findUnreadReportsOfProcess,
  type UnreadReports,
} from './unread-reports.js'
import {
  findWaitingMail,
  readWaitingMailForHooks,
  type MailAddress,
  type WaitingMail,
} from './waiting-mail.js'
import { recordUnpromptedTurn, forgetUnpromptedTurns, mayStartUnpromptedTurn } from './unprompted-turns.js'

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
  /** Whether other hooks of ours answer the host in this project: a plugin leaves the work to those that `setup` wrote. Default: never. */
  yields?(project: string): boolean
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
  const answer = asked && orUndefined(() => answerHookEvent(asked.question))
  if (asked === undefined || answer === undefined) return 0
  try {
    writeSync(1, JSON.stringify(answer))
  } catch {
    return 'decision' in answer ? deny(answer.reason) : 0
  }
  if (!('decision' in answer)) orUndefined(() => remember(asked))
  return 0
}

type Asked = { question: HookAnswerInput; stateFolder: string; parent: number }

function ask(options: HookOptions): Asked | undefined {
  const { environment, now, mailAddress, parent } = options
  const event = parseHookEvent(options.host, readHookInput(0), environment)
  if (event === undefined || options.yields?.(projectIn(event) ?? '')) return undefined
  const stateFolder = options.stateFolder()
  if (event.kind === 'prompt' && event.session !== undefined) {
    const session = { session: event.session, process: parent }
    if (event.cause === 'person') forgetUnpromptedTurns(stateFolder, session)
    if (event.cause === 'our-task') recordUnpromptedTurn(stateFolder, session)
  }
  const modes = readModesFile(getModesFilePath(stateFolder))
  // Other hosts get no notices of mail.
  const mail = event.host === 'claude' ? readWaitingMailForHooks(stateFolder) : []
  const sessions = event.kind === 'tool' ? [] : readUnreadReportsForHooks(stateFolder)
  const project = modes?.size || mail.length > 0 || sessions.length > 0 ? projectIn(event) : undefined
  if (project === undefined) return undefined
  const mode = modes && findProjectMode(modes, project, now())
  const given = mode && event.kind === 'prompt' ? directiveNotices.newest(stateFolder, event) : undefined
  const told = mode !== undefined && given !== undefined && given.at >= mode.since
  const waiting = mail.length > 0 ? findWaitingMail(mailAddress(project), mail) : undefined
  const news = waiting && isNews(waiting, stateFolder, event) ? waiting : undefined
  const unread = findUnreadReportsOfProcess({ project, process: parent }, sessions)
  // The prompt itself has the notice. It may be the first prompt, because `/clear` gives the session another name.
  const isTold = event.kind === 'prompt' && event.cause === 'our-hook'
  if (unread && isTold) orUndefined(() => storeReportNotice(stateFolder, event, keysOf(unread)))
  const reports = unread && !isTold && isNewReport(unread, stateFolder, event) ? unread : undefined
  return { question: { event, mode, environment, told, news, reports }, stateFolder, parent }
}

function projectIn({ folders }: HookEvent): string | undefined {
  return folders
    .map((folder) => orUndefined(() => findProjectRoot(folder)))
    .find((found) => found !== undefined)
}

/**
 * Whether a host's session must get a notice of this mail. A starting session gets it again, because it may have lost the
 * earlier one. A turn that a hook has already continued is not continued for mail of unknown age.
 */
function isNews({ newest }: WaitingMail, stateFolder: string, event: HookEvent): boolean {
  if (event.kind === 'session') return true
  const told = mailNotices.newest(stateFolder, event)?.text
  return told !== newest && !(event.kind === 'stop' && event.isContinued && told === undefined)
}

/**
 * Whether a host's session must get a notice of these reports. A starting session gets it again, because it may have lost
 * the earlier one. A turn that a hook has already continued is not continued for reports of unknown age, nor is any that would
 * be one turn too many that nobody typed.
 */
function isNewReport(reports: UnreadReports, stateFolder: string, event: HookEvent): boolean {
  if (event.kind === 'session') return true
  const told = readNoticedReportKeys(stateFolder, event)
  if (event.kind === 'stop' && event.isContinued && told.length === 0) return false
  if (event.kind === 'stop' && !mayStartUnpromptedTurn(stateFolder, event.session ?? '')) return false
  return keysOf(reports).some((key) => !told.includes(key))
}

function keysOf({ finished, asking }: UnreadReports): readonly string[] {
  return [...finished, ...asking]
}

/** Stores the notices of a session, so that it gets each once. */
function remember({ question: { event, mode, told, news, reports }, stateFolder, parent }: Asked): void {
  const isDirective = event.kind === 'session' || event.kind === 'prompt'
  if (mode && isDirective && !told) directiveNotices.store(stateFolder, event, '')
  if (news) mailNotices.store(stateFolder, event, news.newest)
  if (reports) storeReportNotice(stateFolder, event, keysOf(reports))
  if (reports && event.kind === 'stop' && event.session !== undefined)
    recordUnpromptedTurn(stateFolder, { session: event.session, process: parent })
}

function deny(reason: string): 2 {
  orUndefined(() => writeSync(2, reason))
  return 2
}

/** Returns the result, or `undefined` for every error, because a failed hook would break its host. */
function orUndefined<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
