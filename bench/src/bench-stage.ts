import { claudePath, pathVariables } from '@subagent-mcp/e2e/cli-paths'
import { playHost, type Host } from '@subagent-mcp/e2e/play-host'
import { startModelServer, temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'

/** A host with a server, a home and a model that answers at once. */
export type BenchStage = { host: Host; home: TemporaryHome; claude: string; close(): Promise<void> }

/** With the real CLI, unless another is given. */
export async function openStage(claude = claudePath): Promise<BenchStage> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  const environment = { ...home.environment, ...pathVariables, SUBAGENT_MCP_CLAUDE_PATH: claude }
  const host = await playHost({ cwd: home.cwd, environment })
  return {
    host,
    home,
    claude,
    close: async () => {
      await host.close()
      await model.close()
      home.remove()
    },
  }
}
