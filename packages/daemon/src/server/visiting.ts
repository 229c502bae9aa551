import type { DaemonPort, Guest, Visit } from './port.js'

/** Does something as a caller of its own: who asks is there for no longer than that. */
export async function visiting<Result>(
  { welcome }: DaemonPort,
  { cwd, environment, pid }: Guest,
  act: (visit: Visit) => Result | Promise<Result>,
): Promise<Result> {
  const visit = welcome({ cwd, environment, ...(pid !== undefined && { pid }), terminal: true })
  try {
    return await act(visit)
  } finally {
    visit.leave()
  }
}
