import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { workerName } from './daemon-mail.js'
import { endDaemons } from './home-daemons.js'
import { serverScript } from './mcp-host.js'
import { serverEnvironment, type EnvVariables } from './server-stage.js'
import { writeUserConfig } from './user-config.js'
import { startWorker, type WorkerProcess } from './worker-process.js'

/** The fixture of one test of workers: a model server, a git worktree, and simulated machines that have it. */
export type WorkerStage = {
  model: ModelServer
  /** Adds a machine: a home folder with its own daemon and workers. All machines have the worktree at the same path. */
  machine(config?: object, variables?: EnvVariables): WorkerMachine
}

/** A simulated machine on which workers run. */
export type WorkerMachine = {
  home: string
  /** The git worktree. Its folder name is the name of the workers. */
  folder: string
  /** Starts `subagent-mcp worker` with these arguments. Resolves when it is ready. */
  start(args: readonly string[]): Promise<WorkerProcess>
  /** Runs `subagent-mcp` in the worktree and returns its stdout. Rejects when the command fails. */
  subagentMcp(...args: readonly string[]): Promise<string>
}

/** Gives each test of a file its own stage, and fails a test that leaves a process, socket or file behind. */
export function useWorkerStage(): () => WorkerStage {
  checkForLeaks()
  let stage: WorkerStage
  let homes: TemporaryHome[]
  let workers: WorkerProcess[]
  let root: string
  beforeEach(async () => {
    const model = await startModelServer()
    root = realpathSync(mkdtempSync(join(tmpdir(), 'repository-')))
    const folder = await makeWorktree(root)
    ;[homes, workers] = [[], []]
    const machine: WorkerStage['machine'] = (config, variables) => {
      const home = temporaryHome({ modelUrl: model.url })
      homes.push(home)
      if (config) writeUserConfig(home.home, config)
      const environment = serverEnvironment(home, { ...singleGeminiProcess, ...variables })
      const place = { home: home.home, folder, environment }
      return {
        ...place,
        start: async (args) => {
          const worker = startWorker(place, args)
          workers.push(worker)
          await worker.ready()
          return worker
        },
        subagentMcp: async (...args) => (await run(place, [process.execPath, serverScript, ...args])).stdout,
      }
    }
    stage = { model, machine }
  })
  afterEach(async () => {
    for (const worker of workers) await worker.kill()
    for (const { home } of homes) await endDaemons(home)
    await stage.model.close()
    for (const home of homes) home.remove()
    rmSync(root, { recursive: true })
  })
  return () => stage
}

/** Without this variable Gemini starts a second process of itself to get more memory. */
const singleGeminiProcess: EnvVariables = { GEMINI_CLI_NO_RELAUNCH: 'true' }

type Place = { folder: string; environment: Record<string, string> }

function run({ folder, environment }: Place, [command = '', ...args]: readonly string[]) {
  return execa(command, args, { cwd: folder, env: environment, extendEnv: false, input: '' })
}

async function makeWorktree(root: string): Promise<string> {
  const repository = join(root, 'repository')
  const folder = join(root, workerName)
  mkdirSync(repository)
  const place: Place = { folder: repository, environment: { HOME: root, PATH: process.env['PATH'] ?? '' } }
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost']
  await run(place, ['git', 'init', '--quiet'])
  await run(place, ['git', ...author, 'commit', '--quiet', '--allow-empty', '--message', 'first'])
  await run(place, ['git', 'worktree', 'add', '--quiet', folder])
  return folder
}

/** The steps of a scripted model that reply to each message in a worker's prompt with our `chat` tool, named `tool` there. */
export function chatReplies(tool: string, prompt: string) {
  return [...prompt.matchAll(/^message (\S+), thread .*:\n\| (.*)$/gm)].map(([, message, body = '']) => ({
    type: 'tool' as const,
    tool,
    input: { action: 'reply', message, text: `answer to ${body}` },
  }))
}
