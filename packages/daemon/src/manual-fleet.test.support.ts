import type { Fleet } from '@subagent-mcp/api'
import type { FleetPort } from './server/workers/fleet-port.js'

/** A fleet whose state the test sets. */
export type ManualFleet = FleetPort & {
  is: Fleet
  orders: Parameters<FleetPort['up']>[0][]
}

/** Creates a fleet without workers. */
export function createManualFleet(): ManualFleet {
  const fleet: ManualFleet = {
    is: { workers: [] },
    orders: [],
    up: (order) => {
      fleet.orders.push(order)
      return Promise.resolve(fleet.is)
    },
    down: () => {
      const ended = fleet.is.workers.map(({ name }) => name)
      fleet.is = { workers: [] }
      return Promise.resolve(ended)
    },
    view: () => fleet.is,
  }
  return fleet
}
