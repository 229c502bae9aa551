import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { serverEnvironment, type Variables } from './server-stage.js'
import { endDaemons } from './end-daemon.js'
import { workerName } from './daemon-mail.js'
import { serverScript } from './mcp-host.js'
import { startWorker, type Worker } from './worker-process.js'

/** One test's own world for workers: a model, a worktree, and machines that have it. */
export type WorkerStage = {
  model: ModelServer
  /** A home with a daemon and workers of its own; all have the worktree at the same path. */
  machine(config?: object, variables?: Variables): Machine
}

/** Where workers run. */
export type Machine = {
  home: string
  /** A git worktree, whose name is that of its workers. */
  folder: string
  /** Resolves when it is there. */
  start(words: readonly string[]): Promise<Worker>
  /** Runs our own command; its stdout. */
  ours(...words: readonly string[]): Promise<string>
}

/** Gives each test of a file a stage of its own, of which nothing may be left after it. */
export function useWorkerStage(): () => WorkerStage {
  checkForLeaks()
  let stage: WorkerStage
  let homes: TemporaryHome[]
  let workers: Worker[]
  let root: string
  beforeEach(async () => {
    const model = await startModelServer()
    root = realpathSync(mkdtempSync(join(tmpdir(), 'repository-')))
    const folder = await makeWorktree(root)
    ;[homes, workers] = [[], []]
    const machine: WorkerStage['machine'] = (config, variables) => {
      const home = temporaryHome({ modelUrl: model.url })
      homes.push(home)
      if (config) writeConfig(home, config)
      const place = {
        home: home.home,
        folder,
        environment: serverEnvironment(home, { ...quick, ...variables }),
      }
      return {
        ...place,
        start: async (words) => {
          const worker = startWorker(place, words)
          workers.push(worker)
          await worker.there()
          return worker
        },
        ours: async (...words) => (await run(place, [process.execPath, serverScript, ...words])).stdout,
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

/** Gemini would start itself anew for more memory. */
const quick: Variables = { GEMINI_CLI_NO_RELAUNCH: 'true' }

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

function writeConfig({ home }: TemporaryHome, config: object): void {
  const folder = join(home, '.subagent-mcp')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.jsonc'), JSON.stringify(config))
}
