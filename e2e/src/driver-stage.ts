import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  useWatchdog,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { afterEach, beforeEach } from 'vitest'
import { cliPathVariables, codexScriptPath, shortSessionVariables } from './cli-paths.js'

/** The fixture of one driver test on a real CLI: a model server, a temporary home, a watchdog and an environment. */
export type DriverStage = {
  model: ModelServer
  home: TemporaryHome
  watchdog: ReturnType<ReturnType<typeof useWatchdog>>
  /** The environment of a session: the home's variables and the paths of the real CLIs. */
  environment: Record<string, string>
}

/** Gives each test of a file its own stage, and fails a test that leaves a process, socket or file behind. */
export function useDriverStage(): () => DriverStage {
  checkForLeaks()
  const watchdog = useWatchdog()
  let stage: DriverStage
  beforeEach(async () => {
    const model = await startModelServer()
    const home = temporaryHome({ modelUrl: model.url })
    const cliVariables = {
      ...cliPathVariables,
      SUBAGENT_MCP_CODEX_PATH: codexScriptPath,
      ...shortSessionVariables,
    }
    stage = { model, home, watchdog: watchdog(), environment: { ...home.environment, ...cliVariables } }
  })
  afterEach(async () => {
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}
