import type { HookedHost } from './direct-tools.js'
import type { StoredOrchestrationMode } from './mode-file.js'
import type { ModeStore } from './mode-store.js'

/** The orchestration mode of one project, as an MCP client reads and sets it. `client` is the client's name for itself. */
export type ClientProjectMode = {
  get(client: string | undefined): Promise<ModeStatus>
  set(on: boolean, client: string | undefined): Promise<ModeStatus>
}

/** Whether orchestration mode is on in a project, and whether hooks of the client's host enforce it. */
export type ModeStatus =
  | { project: string; on: false }
  | ({
      project: string
      on: true
      enforced: 'hooks' | 'no-hooks-set-up' | 'host-has-none'
    } & Pick<StoredOrchestrationMode, 'since' | 'by' | 'expires'>)

/** Returns the orchestration mode for an MCP client. `environment` is that of the client. */
export type ModeService = (caller: {
  project: string
  environment: Readonly<Record<string, string | undefined>>
}) => ClientProjectMode

/** The stored modes, and the function that returns which hosts have our hooks in a project. */
type Parts = { store: ModeStore; hookedHosts: (project: string) => Promise<readonly HookedHost[]> }

/** Creates the service. It reads the files at each call, because terminals and other hosts change the mode too. */
export function createModeService({ store, hookedHosts }: Parts): ModeService {
  const enforcement = async (project: string, client = '') => {
    const host = clientNames.find(([name]) => client.startsWith(name))?.[1]
    if (host === undefined) return 'host-has-none'
    return (await hookedHosts(project)).includes(host) ? 'hooks' : 'no-hooks-set-up'
  }
  return ({ project, environment: { CLAUDE_CODE_SESSION_ID: session } }) => {
    const get = async (client: string | undefined): Promise<ModeStatus> => {
      store.tidy()
      const entry = store.status(project)
      if (entry === undefined) return { project, on: false }
      const { since, by, expires } = entry
      const enforced = await enforcement(project, client)
      return { project, on: true, since, by, ...(expires !== undefined && { expires }), enforced }
    }
    return {
      get,
      set: (on, client) => {
        // A mode that is on stays as it is: a model must not extend the time that its user has set.
        if (!on) store.turnOff(project)
        else if (store.status(project) === undefined)
          store.turnOn(project, { by: client ?? 'a host', ...(session && { session }) })
        return get(client)
      },
    }
  }
}

/** The first words of the names by which MCP clients of hosts with hooks identify themselves. */
const clientNames: readonly (readonly [name: string, host: HookedHost])[] = [
  ['claude-code', 'claude'],
  ['codex', 'codex'],
  ['gemini-cli', 'gemini'],
]
