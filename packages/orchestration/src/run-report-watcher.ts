import { pidExists, findProjectRoot } from '@subagent-mcp/driver-kit'
import { writeSync } from 'node:fs'
import { isSubAgentEvent, formatReportNotice } from './answer-event.js'
import { parseHookEvent } from './hook-event.js'
import { isJsonObject } from './hook-file.js'
import { readHookInput } from './read-hook-input.js'
import type { HookOptions } from './run-hook.js'
import { readNoticedReportKeys, storeReportNotice } from './session-notices.js'
import { isReportKeyList, type UnreadReports } from './unread-reports.js'
import { recordUnpromptedTurn, mayStartUnpromptedTurn, readUnpromptedTurnLimit } from './unprompted-turns.js'

/** The session that is watched: its host's process, its project, and the keys of the reports that it has had notice of. */
export type WatchReportsQuery = { process: number; project: string; known: readonly string[] }

/** The inputs of one watcher. */
export type ReportWatcherOptions = Pick<
  HookOptions,
  'host' | 'environment' | 'stateFolder' | 'parent' | 'yields'
> & {
  /** Returns the daemon's parsed JSON answer. Rejects without a daemon. */
  nextWake(query: WatchReportsQuery): Promise<unknown>
  /** Resolves when a daemon may have started, and after some seconds at the latest. */
  daemonChange(): Promise<void>
}

/**
 * Runs a hook that the host does not wait for: waits in one request to the daemon until agents of the session have finished or
 * ask, and wakes the host with a notice on stderr and exit code 2. Returns 0, which wakes nobody, when the session has been
 * told meanwhile, has used up its turns that nobody typed, can get no report any more, or has a newer watcher. When the daemon ends, it waits for
 * the next one while the host runs and agents may report to a session. Never throws.
 */
export async function runReportWatcher(options: ReportWatcherOptions): Promise<0 | 2> {
  try {
    const session = sessionOf(options)
    return session ? await watch(options, session) : 0
  } catch {
    // With a folder that cannot be used, the next prompt has the notice.
    return 0
  }
}

/** A session to watch. `isStarting`: its server may not be connected to the daemon yet. */
type WatchedSession = { host: 'claude'; session: string; project: string; isStarting: boolean }

/** The session to watch; undefined for a sub-agent, and where the host would wait for the hook. */
function sessionOf({ host, environment, yields }: ReportWatcherOptions): WatchedSession | undefined {
  const event = parseHookEvent(host, readHookInput(0), environment)
  if (event?.host !== 'claude' || event.session === undefined || isSubAgentEvent(event, environment))
    return undefined
  // `claude -p` waits for such hooks, except with input as a stream, which the environment does not tell.
  if (environment['CLAUDE_CODE_ENTRYPOINT'] !== 'cli') return undefined
  const [folder] = event.folders
  const project = folder && findProjectRoot(folder)
  if (project === undefined || yields?.(project)) return undefined
  const isStarting = event.kind === 'session'
  return { host: 'claude', session: event.session, project, isStarting }
}

/**
 * How many answers of a daemon may be that nothing can come, because the host's server connects to it later. With at most five
 * seconds between two of them these are two minutes: on a slow machine a restored host needs that long.
 */
const unsureAnswers = 24

async function watch(options: ReportWatcherOptions, session: WatchedSession): Promise<0 | 2> {
  const { parent, nextWake, daemonChange } = options
  const stateFolder = options.stateFolder()
  let unsure = session.isStarting ? unsureAnswers : 0
  for (;;) {
    const query = {
      process: parent,
      project: session.project,
      known: readNoticedReportKeys(stateFolder, session),
    }
    const answer = await nextWake(query).catch(() => 'no daemon')
    if (isReplaced(answer)) return 0
    if (answer === 'no daemon') unsure = unsureAnswers
    const reports = readWake(answer)
    if (!reports) {
      if (unsure === 0 || !pidExists(parent) || readUnpromptedTurnLimit(stateFolder) === undefined) return 0
      unsure -= 1
      await daemonChange()
      continue
    }
    const keys = [...reports.finished, ...reports.asking]
    const told = readNoticedReportKeys(stateFolder, session)
    // Another hook may have given the session a notice while the daemon collected reports.
    if (keys.every((key) => told.includes(key))) continue
    if (!mayStartUnpromptedTurn(stateFolder, session.session)) return 0
    recordUnpromptedTurn(stateFolder, { session: session.session, process: parent })
    storeReportNotice(stateFolder, session, keys)
    writeSync(2, formatReportNotice(reports))
    return 2
  }
}

/** Whether a newer watcher of the same session waits, which wakes the host. */
function isReplaced(answer: unknown): boolean {
  return isJsonObject(answer) && answer['type'] === 'replaced'
}

/** The unread reports in the daemon's answer; undefined when no more can come. */
function readWake(answer: unknown): UnreadReports | undefined {
  if (!isJsonObject(answer) || answer['type'] !== 'unread') return undefined
  const { finished, asking } = answer
  return isReportKeyList(finished) && isReportKeyList(asking) ? { finished, asking } : undefined
}
