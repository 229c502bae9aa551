import { endpointDefaults, type Endpoint } from './endpoint.js'
import { Fleet, StartFleetBody, StopFleetAnswer } from './fleet-schema.js'

const path = '/v1/fleet'

/** Endpoints of the fleet: the workers that the daemon keeps running. */
export const fleetApi = {
  fleet: {
    ...endpointDefaults,
    method: 'GET',
    path,
    summary: 'The workers that the daemon keeps running',
    answer: Fleet,
  },
  fleetUp: {
    ...endpointDefaults,
    method: 'POST',
    path,
    summary: 'Start the workers of a fleet file and keep them running; answers before they run',
    body: StartFleetBody,
    answer: Fleet,
  },
  fleetDown: {
    ...endpointDefaults,
    method: 'DELETE',
    path,
    summary: 'Stop the fleet; answers when its workers have ended',
    answer: StopFleetAnswer,
  },
} as const satisfies Record<string, Endpoint>
