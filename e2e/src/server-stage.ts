import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { pathVariables } from './cli-paths.js'
import { endDaemons } from './end-daemon.js'
import { pinnedClaude, playHost, type Host } from './mcp-host.js'

/** One test's own world: a model, a home, and a host with a server that runs the real CLI. */
export type Arena = {
  model: ModelServer
  home: TemporaryHome
  host: Host
  /** Launches an agent in the home's project, on claude unless told otherwise, and returns its id. */
  launch(prompt: string, more?: object): Promise<string>
  /** Replaces the host by one whose server has these variables too, and the daemon by a new one. */
  restart(variables: Variables): Promise<Arena>
  /** The same with a `config.jsonc` of the user's. */
  configure(config: object): Promise<Arena>
}

/** Variables added to the server's environment; `undefined` takes one out. */
export type Variables = Record<string, string | undefined>

/** How the host's server runs: `serve` is a pipe into a daemon, `in-process` all there is. */
export type Serving = 'daemon' | 'in-process'

/** Gives each test of a file an arena of its own, of which nothing may be left after it. */
export function useArena(variables: Variables = {}, serving: Serving = 'daemon'): () => Arena {
  checkForLeaks()
  let arena: Arena
  const restart = async (other: Variables): Promise<Arena> => {
    await leave(arena)
    arena = { ...arena, ...(await enter(arena, { ...variables, ...other }, serving)) }
    return arena
  }
  const configure = (config: object): Promise<Arena> => {
    const folder = join(arena.home.home, '.subagent-mcp')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.jsonc'), JSON.stringify(config))
    return restart({})
  }
  beforeEach(async () => {
    const model = await startModelServer()
    const home = temporaryHome({ modelUrl: model.url })
    arena = { model, home, restart, configure, ...(await enter({ home }, variables, serving)) }
  })
  afterEach(async () => {
    await leave(arena)
    await arena.model.close()
    arena.home.remove()
  })
  return () => arena
}

async function enter(
  { home }: Pick<Arena, 'home'>,
  variables: Variables,
  serving: Serving,
): Promise<Pick<Arena, 'host' | 'launch'>> {
  const args = serving === 'daemon' ? ['serve'] : ['serve', '--in-process']
  const host = await playHost({ cwd: home.cwd, environment: arenaEnvironment(home, variables), args })
  return { host, launch: (prompt, more) => launchOn(host, prompt, more) }
}

/** A daemon outlives its hosts, and one may have been started by an agent's own server too. */
async function leave({ host, home }: Pick<Arena, 'host' | 'home'>): Promise<void> {
  await host.close()
  await endDaemons(home.home)
}

/** What a host's server has in its environment: the home's, the real CLIs, and what a test adds. */
export function arenaEnvironment(
  { environment }: Pick<TemporaryHome, 'environment'>,
  variables: Variables = {},
): Record<string, string> {
  const all: Variables = { ...environment, ...pathVariables, ...variables }
  const defined = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(defined)
}

/** Launches an agent through a host, on claude unless told otherwise, and returns its id. */
export async function launchOn(host: Host, prompt: string, more: object = {}): Promise<string> {
  const { text, agents } = await host.call('launch_agent', {
    prompt,
    task_category: 'mechanical',
    ...('provider' in more ? {} : pinnedClaude),
    ...more,
  })
  const [agent] = agents
  if (!agent) throw new Error(text)
  return agent.id
}
