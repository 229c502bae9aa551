import { z } from 'zod'
import { httpDeleteDefaults, httpGetDefaults, httpPostDefaults, type Endpoint } from '../endpoint.js'
import { StartFleetBody, KeepWorkerBody, RunWorkerBody } from './worker-settings.js'
import { WorkerFleet, StopFleetAnswer, WorkerView } from './worker-view.js'

/** Endpoints of workers: those that a request runs, and those that the daemon keeps. */
export const workerEndpoints = {
  listWorkers: {
    ...httpGetDefaults,
    path: '/v1/workers',
    summary: 'The workers of this daemon',
    answer: z.looseObject({ workers: z.array(WorkerView) }),
  },
  runWorker: {
    ...httpPostDefaults,
    path: '/v1/workers',
    summary:
      'Run a worker until the request is closed, or until it ends: events `worker` with its log and status, then `ended`',
    produces: 'text/event-stream',
    body: RunWorkerBody,
    answer: z.string(),
  },
  keepWorker: {
    ...httpPostDefaults,
    path: '/v1/workers/kept',
    summary: 'Start a worker that the daemon keeps running, also after a restart',
    body: KeepWorkerBody,
    answer: z.looseObject({ worker: WorkerView }),
  },
  stopWorker: {
    ...httpPostDefaults,
    path: '/v1/workers/{name}/stop',
    summary: 'Stop a worker; answers when it has ended',
    params: z.strictObject({ name: z.string() }),
    answer: z.looseObject({ stopped: z.boolean().describe('false: it was not running') }),
  },
  fleet: {
    ...httpGetDefaults,
    path: '/v1/fleet',
    summary: 'The workers of the fleet file that is up',
    answer: WorkerFleet,
  },
  fleetUp: {
    ...httpPostDefaults,
    path: '/v1/fleet',
    summary: 'Start the workers of a fleet file and keep them running; answers before they run',
    body: StartFleetBody,
    answer: WorkerFleet,
  },
  fleetDown: {
    ...httpDeleteDefaults,
    path: '/v1/fleet',
    summary: 'Stop the fleet; answers when its workers have ended',
    answer: StopFleetAnswer,
  },
} as const satisfies Record<string, Endpoint>
