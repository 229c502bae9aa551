import type { Clock } from '@subagent-mcp/contract'
import {
  computeAgentStatus,
  listAnswerableQuestions,
  mayFactChangeStatus,
  type Agent,
  type AgentsState,
  type Supervisor,
} from '@subagent-mcp/core'
import { listSessionsWithUnreadReports } from '../state/agent-hint-files.js'
import { createUserNotice, notifyEvents, type UserNotice, type NotifyEvent } from './user-notice.js'

/** A way to notify the user, such as a webhook. `name` stands for it in the log. */
export type NotifySender = {
  name: string
  /** Sends a notice; resolves when it was sent. Rejects with an error whose message may be logged. `signal` ends the attempt early. */
  send(notice: UserNotice, signal: AbortSignal): Promise<void>
}

/** Options of the notices to a user about reports of agents that no host has read. */
export type NotifyOptions = {
  senders: readonly NotifySender[]
  /** The events of which the user is notified. */
  on: readonly NotifyEvent[]
  /** For each event: the milliseconds for which a report must stay unread before the user is notified. */
  after: Readonly<Record<NotifyEvent, number>>
}

type NotifyParts = NotifyOptions & {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'clock' | 'dispatch'>
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  log: (line: string) => void
}

/** Milliseconds between a change and the search for unread reports. */
const pauseMs = 200

/** The age in milliseconds above which reports of an earlier runtime cause no notice. */
const oldMs = 3_600_000

/**
 * Notifies the user once of each report that no host has received or waits for, until the returned function is called.
 * Reports that become due at about the same time are in one notice.
 */
export function notifyUserOfReports(parts: NotifyParts): () => void {
  const { supervisor, on, after } = parts
  const { clock } = supervisor
  const send = sendingTo(parts)
  const startedAt = clock.now()
  const alarm = createAlarm(clock)
  let news: readonly News[] = []
  const look = (): void => {
    const known = new Map(news.map((one) => [`${one.event} ${one.agent.profile.id}`, one.since]))
    news = unreadNews(supervisor.state())
      .filter(({ event, agent }) => on.includes(event) && restedAt(agent) > startedAt - oldMs)
      .map((one) => ({ ...one, since: known.get(`${one.event} ${one.agent.profile.id}`) ?? clock.now() }))
    for (const event of notifyEvents) {
      const agents = dueAgents(news, { event, after: after[event], now: clock.now() })
      if (agents.length > 0) notify(event, agents)
    }
    const next = Math.min(...news.map(({ event, since }) => since + after[event]))
    if (next < Infinity) alarm.set(Math.max(0, next - clock.now()))
  }
  const notify = (event: NotifyEvent, agents: readonly Agent[]): void => {
    const now = clock.now()
    // The journal is written before the notice is sent, so that a crash cannot repeat a notice.
    for (const { profile, reports } of agents)
      supervisor.dispatch({ type: 'reports-notified', at: now, agentId: profile.id, upTo: reports.length })
    news = news.filter(({ agent }) => !agents.includes(agent))
    send(createUserNotice(event, agents, { now, stalledAfter: parts.stalledAfter }))
  }
  alarm.listen(look)
  const unsubscribe = supervisor.subscribe((fact) => {
    if (fact.type !== 'reports-notified' && mayFactChangeStatus(fact)) alarm.set(pauseMs)
  })
  alarm.set(pauseMs)
  return () => {
    unsubscribe()
    alarm.stop()
    send.stop()
  }
}

/** Unread reports of one agent for which the user may get a notice. `since`: Unix milliseconds when they were first found unread. */
type News = { event: NotifyEvent; agent: Agent; since: number }

/**
 * Lists the agents with unread reports of which the user was not notified. Leaves out agents that somebody stopped, and turns that
 * ended with a question of which the user was notified.
 */
function unreadNews(state: AgentsState): readonly Omit<News, 'since'>[] {
  return listSessionsWithUnreadReports(state).flatMap(({ finished, asking }) => [
    ...finished.flatMap((agent) =>
      agent.reports.length > agent.notified && !isStopped(agent) ? [{ event: 'ended' as const, agent }] : [],
    ),
    ...asking.flatMap((agent) =>
      listAnswerableQuestions(agent).some(({ report = 0 }) => report > agent.notified)
        ? [{ event: 'asks' as const, agent }]
        : [],
    ),
  ])
}

function isStopped(agent: Agent): boolean {
  return computeAgentStatus(agent, { now: 0, stalledAfter: Infinity }) === 'stopped'
}

/** Unix milliseconds of the agent's last visible event, or of its end. */
function restedAt({ phase, activity, turns }: Agent): number {
  return Math.max(activity.visibleAt, turns.at(-1)?.endedAt ?? 0, phase.status === 'ended' ? phase.at : 0)
}

/** Once a notice for one agent is due: that agent, together with those whose reports have been unread for half of the time. */
function dueAgents(
  news: readonly News[],
  { event, after, now }: { event: NotifyEvent; after: number; now: number },
): readonly Agent[] {
  const same = news.filter((one) => one.event === event)
  if (!same.some(({ since }) => now - since >= after)) return []
  return same.filter(({ since }) => now - since >= after / 2).map(({ agent }) => agent)
}

type Alarm = { set(milliseconds: number): void; listen(ring: () => void): void; stop(): void }

/** Creates an alarm that rings at the earliest of the times for which it is set. */
function createAlarm(clock: Clock): Alarm {
  let ring = (): void => undefined
  let pending: { at: number; cancel: () => void } | undefined
  return {
    listen: (listener) => {
      ring = listener
    },
    set: (milliseconds) => {
      const at = clock.now() + milliseconds
      if (pending && pending.at <= at) return
      pending?.cancel()
      const cancel = clock.after(milliseconds, () => {
        pending = undefined
        ring()
      })
      pending = { at, cancel }
    },
    stop: () => pending?.cancel(),
  }
}

/** Returns a function that sends a notice to all senders. Of consecutive failures of a sender only the first is logged. */
function sendingTo({ senders, log }: NotifyParts): ((notice: UserNotice) => void) & { stop: () => void } {
  const end = new AbortController()
  const failing = new Set<string>()
  const sendTo = async ({ name, send }: NotifySender, notice: UserNotice): Promise<void> => {
    try {
      await send(notice, end.signal)
      failing.delete(name)
    } catch (error) {
      if (end.signal.aborted || failing.has(name)) return
      failing.add(name)
      const why = error instanceof Error ? error.message : String(error)
      log(`cannot notify by ${name}: ${why}; further failures are not logged until it works again`)
    }
  }
  return Object.assign(
    (notice: UserNotice): void => {
      for (const sender of senders) void sendTo(sender, notice)
    },
    { stop: () => end.abort() },
  )
}
