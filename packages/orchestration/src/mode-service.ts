import type { HookedHost } from '@subagent-mcp/installer'
import type { ModePort, ModeStatus } from '@subagent-mcp/mcp-server'
import { openModeStore } from './mode-store.js'

/** A host that asks for the mode: where, and with what. */
export type ModeVisitor = { project: string; environment: Readonly<Record<string, string | undefined>> }

/** Serves hosts the mode of their projects. */
export type ModeDesk = (visitor: ModeVisitor) => ModePort

/** Opens the desk over the files of `environment`, read at each call: terminals and other hosts turn the mode too. */
export function createModeDesk(environment: NodeJS.ProcessEnv, now: () => number): ModeDesk {
  const store = openModeStore(environment, now)
  return ({ project, environment: { CLAUDE_CODE_SESSION_ID: session } }) => {
    const get = async (client: string | undefined): Promise<ModeStatus> => {
      store.tidy()
      const entry = store.status(project)
      if (entry === undefined) return { project, on: false }
      const { since, by, expires } = entry
      const enforced = await enforcement(environment, { project, client })
      return { project, on: true, since, by, ...(expires !== undefined && { expires }), enforced }
    }
    return {
      get,
      set: (on, client) => {
        // What is on stays as it is: a model must not outdo the time that its user has set.
        if (!on) store.turnOff(project)
        else if (store.status(project) === undefined)
          store.turnOn(project, { by: client ?? 'a host', ...(session && { session }) })
        return get(client)
      },
    }
  }
}

type Enforcement = Extract<ModeStatus, { on: true }>['enforced']

async function enforcement(
  environment: NodeJS.ProcessEnv,
  { project, client = '' }: { project: string; client: string | undefined },
): Promise<Enforcement> {
  const host = clientNames.find(([name]) => client.startsWith(name))?.[1]
  if (host === undefined) return 'host-has-none'
  // What knows all hosts is large, and few calls need it.
  const { hookedHosts } = await import('./hooked-hosts.js')
  return hookedHosts(environment, project).includes(host) ? 'hooks' : 'no-hooks-set-up'
}

/** How hosts with hooks begin to name themselves. */
const clientNames: readonly (readonly [name: string, host: HookedHost])[] = [
  ['claude-code', 'claude'],
  ['codex', 'codex'],
  ['gemini-cli', 'gemini'],
]
