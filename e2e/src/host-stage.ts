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
import { fakeAgents, type StageAgents } from './fake-agents.js'
import { endDaemons } from './home-daemons.js'
import { serverScript } from './mcp-host.js'
import { serverEnvironment, type EnvVariables } from './server-stage.js'

/** The fixture of one test of real hosts. They find our server through the files that `setup` writes into the home. */
export type HostStage = {
  model: ModelServer
  home: TemporaryHome
  /** Runs a program in the home's project. Rejects when it fails. */
  run(line: readonly string[], variables?: EnvVariables): Promise<{ stdout: string; stderr: string }>
  /** Runs `subagent-mcp` in the home's project and returns its stdout. Rejects when the command fails. */
  subagentMcp(...args: readonly string[]): Promise<string>
  /** Makes Codex wait for our server before its first turn. Otherwise it asks its model before it knows our tools. */
  requireServer(): void
}

/** Gives each test of a file its own stage, and fails a test that leaves a process, socket or file behind. */
export function useHostStage(agents: StageAgents = 'real'): () => HostStage {
  checkForLeaks()
  let stage: HostStage
  beforeEach(async () => {
    const model = await startModelServer()
    const real = { model, home: temporaryHome({ modelUrl: model.url }) }
    const parts = agents === 'fake' ? fakeAgents(real) : real
    stage = { model: parts.model, ...hostStageOf(parts.home) }
  })
  afterEach(async () => {
    await endDaemons(stage.home.home)
    await stage.model.close()
    stage.home.remove()
  })
  return () => stage
}

/** Environment variables without which two runs of a host could differ. */
const repeatable = {
  // Without it Gemini starts a second process of itself to get more memory.
  GEMINI_CLI_NO_RELAUNCH: 'true',
  // Without it Claude asks its model before our server is connected, and lists our tools in some runs only.
  CLAUDE_CODE_MCP_STARTUP_WAIT_MS: '600000',
}

/** A stage of hosts in a home, without a model. */
export function hostStageOf(home: TemporaryHome): Omit<HostStage, 'model'> {
  const run: HostStage['run'] = ([command = '', ...args], variables = {}) =>
    execa(command, args, {
      cwd: home.cwd,
      env: serverEnvironment(home, { ...repeatable, ...variables }),
      extendEnv: false,
      input: '',
    })
  return {
    home,
    run,
    subagentMcp: async (...args) => (await run([process.execPath, serverScript, ...args])).stdout,
    requireServer: () => {
      const config = join(home.home, '.codex/config.toml')
      const header = '[mcp_servers.subagent-mcp]\n'
      writeFileSync(config, readFileSync(config, 'utf8').replace(header, `${header}required = true\n`))
    },
  }
}
