import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  useWatchdog,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { afterEach, beforeEach } from 'vitest'
import { pathVariables } from './cli-paths.js'

/** One test's own world for a driver of a real CLI. */
export type DriverStage = {
  model: ModelServer
  home: TemporaryHome
  watchdog: ReturnType<ReturnType<typeof useWatchdog>>
  /** What a session has: the home's variables, and where the real CLIs are. */
  environment: Record<string, string>
}

/** Gives each test of a file a stage of its own, of which nothing may be left after it. */
export function useDriverStage(): () => DriverStage {
  checkForLeaks()
  const watchdog = useWatchdog()
  let stage: DriverStage
  beforeEach(async () => {
    const model = await startModelServer()
    const home = temporaryHome({ modelUrl: model.url })
    stage = { model, home, watchdog: watchdog(), environment: { ...home.environment, ...pathVariables } }
  })
  afterEach(async () => {
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}
