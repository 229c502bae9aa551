import { claudePath, cliPathVariables } from '@subagent-mcp/e2e/cli-paths'
import { startHost, type Host } from '@subagent-mcp/e2e/mcp-host'
import { writeUserConfig } from '@subagent-mcp/e2e/user-config'
import { startModelServer, temporaryHome, type ModelServer, type TemporaryHome } from '@subagent-mcp/testkit'
import { findHomeDaemon, type HomeDaemon } from './home-daemon.js'

/** The fixture of a benchmark: a host with its shim, a daemon, a home folder, and a model server that answers immediately. */
export type BenchStage = {
  host: Host
  daemon: HomeDaemon
  home: TemporaryHome
  /** The environment of a host in this home folder. */
  environment: Record<string, string>
  model: ModelServer
  /** Path of the Claude executable that agents run. */
  claude: string
  close(): Promise<void>
}

/** Opens a stage. `claude` replaces the real CLI, `config` is added to the user's configuration. */
export async function openBenchStage(claude = claudePath, config: object = {}): Promise<BenchStage> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  writeUserConfig(home.home, withoutLimits(config))
  const environment = { ...home.environment, ...cliPathVariables, SUBAGENT_MCP_CLAUDE_PATH: claude }
  const host = await startHost({ cwd: home.cwd, environment })
  const daemon = await findHomeDaemon(home.home)
  return {
    host,
    daemon,
    home,
    environment,
    model,
    claude,
    close: async () => {
      await host.close()
      await daemon.stop()
      await model.close()
      home.remove()
    },
  }
}

/** The user's config without limits, because a figure must not contain the time that an agent waits in the queue. */
function withoutLimits(config: object): object {
  const most = 10_000
  const limits = { maxTurns: most, maxTurnsPerProvider: most, maxProcesses: most, launchesPerMinute: most }
  return { limits: { ...limits, freeMemoryMegabytes: 0 }, ...config }
}
