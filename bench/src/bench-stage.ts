import { claudePath, pathVariables } from '@subagent-mcp/e2e/cli-paths'
import { startHost, type Host } from '@subagent-mcp/e2e/mcp-host'
import { startModelServer, temporaryHome, type ModelServer, type TemporaryHome } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { homeDaemon, type HomeDaemon } from './home-daemon.js'

/** A host with its shim, a daemon, a home and a model that answers at once. */
export type BenchStage = {
  host: Host
  daemon: HomeDaemon
  home: TemporaryHome
  model: ModelServer
  claude: string
  close(): Promise<void>
}

/** With the real CLI, unless another is given, and with what `config` adds to the user's configuration. */
export async function openStage(claude = claudePath, config: object = {}): Promise<BenchStage> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  configure(home, config)
  const environment = { ...home.environment, ...pathVariables, SUBAGENT_MCP_CLAUDE_PATH: claude }
  const host = await startHost({ cwd: home.cwd, environment })
  const daemon = await homeDaemon(home.home)
  return {
    host,
    daemon,
    home,
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

/** What is measured is work, and not how long it waits for its turn. */
function configure({ home }: TemporaryHome, more: object): void {
  const most = 10_000
  const limits = { maxTurns: most, maxTurnsPerProvider: most, maxProcesses: most, launchesPerMinute: most }
  const config = { limits: { ...limits, freeMemoryMegabytes: 0 }, ...more }
  const folder = join(home, '.subagent-mcp')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'config.jsonc'), JSON.stringify(config))
}
