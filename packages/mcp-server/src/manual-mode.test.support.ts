import type { ClientProjectMode, ModeStatus } from '@subagent-mcp/orchestration'

/** The orchestration mode of a project, kept by the test. */
export type ManualMode = ClientProjectMode & { status: ModeStatus; clients: (string | undefined)[] }

/** Creates a mode that is off. */
export function createManualMode(): ManualMode {
  const mode: ManualMode = {
    status: { project: '/p', on: false },
    clients: [],
    get: (client) => {
      mode.clients.push(client)
      return Promise.resolve(mode.status)
    },
    set: (on, client) => {
      const since = 1_000_000
      mode.status = on
        ? { project: '/p', on, since, by: client ?? 'nobody', enforced: 'hooks' }
        : { project: '/p', on }
      return mode.get(client)
    },
  }
  return mode
}
