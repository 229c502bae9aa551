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
    summary: 'Run the workers of a file from now on; answers before they are there',
    body: FleetBody,
    answer: Fleet,
  },
  fleetDown: {
    ...plainEndpoint,
    method: 'DELETE',
    path,
    summary: 'End them; answers when they have ended',
    answer: FleetEnded,
  },
} as const satisfies Record<string, Endpoint>
