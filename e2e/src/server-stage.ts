import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterEach, beforeEach } from 'vitest'
import { cliPathVariables, shortSessionVariables } from './cli-paths.js'
import { fakeAgents, type StageAgents } from './fake-agents.js'
import { endDaemons } from './home-daemons.js'
import { pinnedClaude, serverScript, startHost, type Host } from './mcp-host.js'
import { writeUserConfig } from './user-config.js'

/** The fixture of one test of our MCP server: a model server, a home folder, and a host whose server runs real CLIs. */
export type ServerStage = {
  model: ModelServer
  home: TemporaryHome
  host: Host
  /** Launches an agent in the home's project, on Claude unless `more` names a provider. Returns the agent's id. */
  launch(prompt: string, more?: object): Promise<string>
  /** Runs `subagent-mcp` in the home's project and returns its stdout. Rejects when the command fails. */
  subagentMcp(...args: readonly string[]): Promise<string>
  /** Stops the host and the daemon, and starts a host whose server also has these variables. Returns the changed stage. */
  restart(variables: EnvVariables): Promise<ServerStage>
  /** Writes the user's `config.jsonc`, then restarts as `restart` does. */
  configure(config: object): Promise<ServerStage>
}

/** Variables added to the environment of a server; `undefined` removes one. */
export type EnvVariables = Record<string, string | undefined>

/**
 * The server of a host: `daemon` starts `serve`, which connects to a daemon; `in-process` starts no daemon. `configured` is a
 * daemon that starts only when a test calls `configure` or `restart`, for files whose tests all do.
 */
export type ServerMode = 'daemon' | 'in-process' | 'configured'

/** Gives each test of a file its own stage, and fails a test that leaves a process, socket or file behind. */
export function useServerStage(
  variables: EnvVariables = {},
  mode: ServerMode = 'daemon',
  agents: StageAgents = 'real',
): () => ServerStage {
  checkForLeaks()
  let stage: ServerStage
  const restart = async (other: EnvVariables): Promise<ServerStage> => {
    await close(stage)
    stage = { ...stage, ...(await open(stage, { ...variables, ...other }, mode)) }
    return stage
  }
  const configure = (config: object): Promise<ServerStage> => {
    writeUserConfig(stage.home.home, config)
    return restart({})
  }
  beforeEach(async () => {
    const started = await startModelServer()
    const real = { model: started, home: temporaryHome({ modelUrl: started.url }) }
    const { model, home } = agents === 'fake' ? fakeAgents(real) : real
    const opened =
      mode === 'configured' ? unopened({ home }, variables) : await open({ home }, variables, mode)
    stage = { model, home, restart, configure, ...opened }
  })
  afterEach(async () => {
    await close(stage)
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}

type Opened = Pick<ServerStage, 'host' | 'launch' | 'subagentMcp'>

async function open(
  { home }: Pick<ServerStage, 'home'>,
  variables: EnvVariables,
  mode: ServerMode,
): Promise<Opened> {
  const args = mode === 'in-process' ? ['serve', '--in-process'] : ['serve']
  const environment = serverEnvironment(home, variables)
  const host = await startHost({ cwd: home.cwd, environment, args })
  return {
    host,
    launch: (prompt, more) => launchFromHost(host, prompt, more),
    subagentMcp: commandIn(home.cwd, environment),
  }
}

/** Creates the command and the host of a stage that is not configured yet. The host refuses every call. */
function unopened({ home }: Pick<ServerStage, 'home'>, variables: EnvVariables): Opened {
  const refuse = () => Promise.reject(new Error('this stage has no server before it is configured'))
  const client = new Client({ name: 'none', version: '1' })
  return {
    host: { call: refuse, client, pid: 0, stderr: () => '', close: () => Promise.resolve() },
    launch: refuse,
    subagentMcp: commandIn(home.cwd, serverEnvironment(home, variables)),
  }
}

function commandIn(cwd: string, env: Record<string, string>): ServerStage['subagentMcp'] {
  return async (...words) => {
    const options = { cwd, env, extendEnv: false, input: '' }
    return (await execa(process.execPath, [serverScript, ...words], options)).stdout
  }
}

/** Stops every daemon of the home folder, because an agent's own server may have started another one. */
async function close({ host, home }: Pick<ServerStage, 'host' | 'home'>): Promise<void> {
  await host.close()
  await endDaemons(home.home)
}

/** The whole environment of a host's server: the paths of the real CLIs, unless the home has others, and a test's own variables. */
export function serverEnvironment(
  { environment }: Pick<TemporaryHome, 'environment'>,
  variables: EnvVariables = {},
): Record<string, string> {
  const all: EnvVariables = { ...cliPathVariables, ...shortSessionVariables, ...environment, ...variables }
  const defined = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(defined)
}

/** Launches an agent through a host, on Claude unless `more` names a provider. Returns the agent's id. */
export async function launchFromHost(host: Host, prompt: string, more: object = {}): Promise<string> {
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
