import type { OrderedMap } from 'immutable'

/**
 * A call that waits for agents and delivers their reports: for the given ones, or for all of its caller. `answer`: by agent,
 * the number of the newest report in the answer, which has not arrived yet.
 */
export type OpenWait = {
  caller: string
  agentIds?: readonly string[]
  answer?: Readonly<Record<string, number>>
}

/** The open waits of all callers, by id, the oldest first. */
export type OpenWaits = OrderedMap<string, OpenWait>

/** A fact about an open wait. `answer`: by agent, the number of the newest report in the answer. */
export type WaitFact =
  | { type: 'wait-opened'; waitId: string; caller: string; agentIds?: readonly string[] }
  | { type: 'wait-answered'; waitId: string; answer: Readonly<Record<string, number>> }
  /** The call has ended, and its reports have arrived or are lost. */
  | { type: 'wait-closed'; waitId: string }

export function reduceOpenWaits(waits: OpenWaits, fact: WaitFact): OpenWaits {
  switch (fact.type) {
    case 'wait-opened':
      return waits.set(fact.waitId, {
        caller: fact.caller,
        ...(fact.agentIds && { agentIds: fact.agentIds }),
      })
    case 'wait-answered': {
      const wait = waits.get(fact.waitId)
      return wait ? waits.set(fact.waitId, { ...wait, answer: fact.answer }) : waits
    }
    case 'wait-closed':
      return waits.delete(fact.waitId)
  }
}

/** The open waits of a caller that were opened after one of them and have no answer yet. */
export function listNewerWaits(waits: OpenWaits, caller: string, waitId: string): readonly OpenWait[] {
  const ids = [...waits.keys()]
  return ids
    .slice(ids.indexOf(waitId) + 1)
    .flatMap((id) => waits.get(id) ?? [])
    .filter((wait) => wait.caller === caller && !wait.answer)
}

/** Whether a wait delivers the reports of an agent of its caller. */
export function doesWaitCoverAgent({ agentIds }: OpenWait, agentId: string): boolean {
  return agentIds?.includes(agentId) ?? true
}
