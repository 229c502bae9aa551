import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { serverEnvironment, type Variables } from './server-stage.js'
import { endDaemons } from './end-daemon.js'
import { serverScript } from './mcp-host.js'

/** One test's own world for real hosts that find us by what setup wrote. */
export type HostStage = {
  model: ModelServer
  home: TemporaryHome
  /** Runs a program in the home's project. Throws when it fails. */
  run(line: readonly string[], variables?: Variables): Promise<{ stdout: string; stderr: string }>
  /** Runs our own command; its stdout. */
  ours(...words: readonly string[]): Promise<string>
  /** Has Codex begin no turn before our server is there: else it asks its model before it knows our tools. */
  requireOurs(): void
}

/** Gives each test of a file a stage of its own, of which nothing may be left after it. */
export function useHostStage(): () => HostStage {
  checkForLeaks()
  let stage: HostStage
  beforeEach(async () => {
    const model = await startModelServer()
    stage = { model, ...stageOf(temporaryHome({ modelUrl: model.url })) }
  })
  afterEach(async () => {
    await endDaemons(stage.home.home)
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}

const steady = {
  // Gemini would start a second process of itself to get more memory.
  GEMINI_CLI_NO_RELAUNCH: 'true',
  // Claude would ask its model before our server is connected, and then lists our tools in one run and not in the next.
  CLAUDE_CODE_MCP_STARTUP_WAIT_MS: '600000',
}

function stageOf(home: TemporaryHome): Omit<HostStage, 'model'> {
  const run: HostStage['run'] = ([command = '', ...args], variables = {}) =>
    execa(command, args, {
      cwd: home.cwd,
      env: serverEnvironment(home, { ...steady, ...variables }),
      extendEnv: false,
      input: '',
    })
  return {
    home,
    run,
    ours: async (...words) => (await run([process.execPath, serverScript, ...words])).stdout,
    requireOurs: () => {
      const config = join(home.home, '.codex/config.toml')
      const header = '[mcp_servers.subagent-mcp]\n'
      writeFileSync(config, readFileSync(config, 'utf8').replace(header, `${header}required = true\n`))
    },
  }
}
