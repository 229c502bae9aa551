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
import { pinnedClaude, startHost, type Host } from './mcp-host.js'

/** One test's own world: a model, a home, and a host with a server that runs the real CLI. */
export type ServerStage = {
  model: ModelServer
  home: TemporaryHome
  host: Host
  /** Launches an agent in the home's project, on claude unless told otherwise, and returns its id. */
  launch(prompt: string, more?: object): Promise<string>
  /** Replaces the host by one whose server has these variables too, and the daemon by a new one. */
  restart(variables: Variables): Promise<ServerStage>
  /** The same with a `config.jsonc` of the user's. */
  configure(config: object): Promise<ServerStage>
}

/** Variables added to the server's environment; `undefined` takes one out. */
export type Variables = Record<string, string | undefined>

/** How the host's server runs: `serve` is a pipe into a daemon, `in-process` all there is. */
export type Serving = 'daemon' | 'in-process'

/** Gives each test of a file an stage of its own, of which nothing may be left after it. */
export function useServerStage(variables: Variables = {}, serving: Serving = 'daemon'): () => ServerStage {
  checkForLeaks()
  let stage: ServerStage
  const restart = async (other: Variables): Promise<ServerStage> => {
    await leave(stage)
    stage = { ...stage, ...(await enter(stage, { ...variables, ...other }, serving)) }
    return stage
  }
  const configure = (config: object): Promise<ServerStage> => {
    const folder = join(stage.home.home, '.subagent-mcp')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.jsonc'), JSON.stringify(config))
    return restart({})
  }
  beforeEach(async () => {
    const model = await startModelServer()
    const home = temporaryHome({ modelUrl: model.url })
    stage = { model, home, restart, configure, ...(await enter({ home }, variables, serving)) }
  })
  afterEach(async () => {
    await leave(stage)
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}

async function enter(
  { home }: Pick<ServerStage, 'home'>,
  variables: Variables,
  serving: Serving,
): Promise<Pick<ServerStage, 'host' | 'launch'>> {
  const args = serving === 'daemon' ? ['serve'] : ['serve', '--in-process']
  const host = await startHost({ cwd: home.cwd, environment: serverEnvironment(home, variables), args })
  return { host, launch: (prompt, more) => launchOn(host, prompt, more) }
}

/** A daemon outlives its hosts, and one may have been started by an agent's own server too. */
async function leave({ host, home }: Pick<ServerStage, 'host' | 'home'>): Promise<void> {
  await host.close()
  await endDaemons(home.home)
}

/** What a host's server has in its environment: the home's, the real CLIs, and what a test adds. */
export function serverEnvironment(
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
