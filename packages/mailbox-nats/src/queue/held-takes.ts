import type { Clock } from '@subagent-mcp/contract'
import type { DeliveryHint } from '../jetstream/delivery-hints.js'
import { createRecentValues } from '../mail-servers.js'
import type { QueueState } from './queue-records.js'

/** The takes of this open mailbox: their threads, and the hints that led to them. */
export type HeldTakes = {
  begin(take: string, options: { instance: string; until: number }): void
  /** Adds a thread to a take. */
  hold(take: string, thread: string, held: Held): void
  /** The record of a queue as this mailbox has written it when it took; another process may have changed it since. */
  stateOf(take: string, thread: string): QueueState | undefined
  /** Whether a message is held under a lease of this mailbox that has not ended. */
  holds(id: string): boolean
  /** The threads of a take that this mailbox has taken, and not ended. */
  threads(take: string): readonly string[] | undefined
  /** Ends the part of a take in a thread: its hints are forgotten by their consumers. */
  drop(take: string, thread: string): void
  renew(take: string, until: number): void
  /** The takes of an instance, or all. */
  of(instance?: string): readonly string[]
  /** Remembers what a take acknowledged, because a repeated acknowledge has the same answer. */
  note(take: string, acknowledged: readonly string[]): void
  acknowledged(take: string): readonly string[]
  close(): void
}

/** What a take holds of a thread: messages, the hints that led to them, and the queue's record when they were taken. */
type Held = { ids: readonly string[]; hints: readonly DeliveryHint[]; state: QueueState | undefined }

type Take = { instance: string; threads: Map<string, Held>; cancel: () => void }

/** Creates an empty set of takes. At the end of its lease a take is forgotten, and its hints go to other machines. */
export function createHeldTakes({ clock, now }: { clock: Clock; now(): number }): HeldTakes {
  const takes = new Map<string, Take>()
  const acknowledged = createRecentValues<readonly string[]>(1_000)
  const alarm = (take: string, until: number): (() => void) =>
    clock.after(Math.max(0, until - now()) + 5, () => {
      const held = [...(takes.get(take)?.threads.values() ?? [])]
      for (const hint of held.flatMap(({ hints }) => hints)) void hint.retry(0)
      takes.delete(take)
    })
  return {
    begin: (take, { instance, until }) => {
      takes.set(take, { instance, threads: new Map(), cancel: alarm(take, until) })
    },
    hold: (take, thread, held) => takes.get(take)?.threads.set(thread, held),
    holds: (id) =>
      [...takes.values()].some(({ threads }) => [...threads.values()].some(({ ids }) => ids.includes(id))),
    stateOf: (take, thread) => takes.get(take)?.threads.get(thread)?.state,
    threads: (take) => {
      const found = takes.get(take)
      return found && [...found.threads.keys()]
    },
    drop: (take, thread) => {
      const found = takes.get(take)
      for (const hint of found?.threads.get(thread)?.hints ?? []) hint.acknowledge()
      found?.threads.delete(thread)
      if (found?.threads.size !== 0) return
      found.cancel()
      takes.delete(take)
    },
    renew: (take, until) => {
      const found = takes.get(take)
      found?.cancel()
      if (found) takes.set(take, { ...found, cancel: alarm(take, until) })
    },
    of: (instance) =>
      [...takes].flatMap(([take, each]) =>
        instance === undefined || each.instance === instance ? [take] : [],
      ),
    note: (take, ids) => acknowledged.set(take, [...(acknowledged.get(take) ?? []), ...ids]),
    acknowledged: (take) => acknowledged.get(take) ?? [],
    close: () => {
      for (const { cancel } of takes.values()) cancel()
    },
  }
}

/** The id of a take names its agent, so that any machine can find what it holds. */
export function createTakeId(id: string, agent: string): string {
  return `${id}.${agent}`
}

/** The agent of a take; empty for a text that is no take. */
export function parseAgentOfTakeId(take: string): string {
  const dot = take.indexOf('.')
  return dot === -1 ? '' : take.slice(dot + 1)
}
