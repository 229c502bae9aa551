import { plainEndpoint, type Endpoint } from './endpoint.js'
import { Fleet, FleetBody, FleetEnded } from './fleet-schema.js'

const path = '/v1/fleet'

/** Endpoints of the fleet: the workers that the daemon keeps running. */
export const fleetApi = {
  fleet: {
    ...plainEndpoint,
    method: 'GET',
    path,
    summary: 'The workers that the daemon keeps running',
    answer: Fleet,
  },
  fleetUp: {
    ...plainEndpoint,
    method: 'POST',
    path,
    summary: 'Start the workers of a fleet file and keep them running; answers before they run',
    body: FleetBody,
    answer: Fleet,
  },
  fleetDown: {
    ...plainEndpoint,
    method: 'DELETE',
    path,
    summary: 'Stop the fleet; answers when its workers have ended',
    answer: FleetEnded,
  },
} as const satisfies Record<string, Endpoint>
