import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { afterEach, beforeEach } from 'vitest'
import { pathVariables } from './cli-paths.js'
import { pinnedClaude, playHost, type Host } from './play-host.js'

/** One test's own world: a model, a home, and a host with a server that runs the real CLI. */
export type Arena = {
  model: ModelServer
  home: TemporaryHome
  host: Host
  /** Launches an agent in the home's project, on claude unless told otherwise, and returns its id. */
  launch(prompt: string, more?: object): Promise<string>
  /** Replaces the host by one whose server has these variables too. */
  restart(variables: Variables): Promise<Arena>
}

/** Variables added to the server's environment; `undefined` takes one out. */
export type Variables = Record<string, string | undefined>

/** Gives each test of a file an arena of its own, of which nothing may be left after it. */
export function useArena(variables: Variables = {}): () => Arena {
  checkForLeaks()
  let arena: Arena
  const restart = async (other: Variables): Promise<Arena> => {
    await arena.host.close()
    arena = { ...arena, ...(await enter(arena, { ...variables, ...other })) }
    return arena
  }
  beforeEach(async () => {
    const model = await startModelServer()
    const home = temporaryHome({ modelUrl: model.url })
    arena = { model, home, restart, ...(await enter({ home }, variables)) }
  })
  afterEach(async () => {
    await arena.host.close()
    await arena.model.close()
    arena.home.remove()
  })
  return () => arena
}

async function enter(
  { home }: Pick<Arena, 'home'>,
  variables: Variables,
): Promise<Pick<Arena, 'host' | 'launch'>> {
  const all: Variables = { ...home.environment, ...pathVariables, ...variables }
  const defined = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const host = await playHost({ cwd: home.cwd, environment: Object.fromEntries(defined) })
  return {
    host,
    launch: async (prompt, more = {}) => {
      const { text, agents } = await host.call('launch_agent', {
        prompt,
        task_category: 'mechanical',
        ...('provider' in more ? {} : pinnedClaude),
        ...more,
      })
      const [agent] = agents
      if (!agent) throw new Error(text)
      return agent.id
    },
  }
}
