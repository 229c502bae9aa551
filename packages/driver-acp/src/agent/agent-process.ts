import type { Clock, CloseMode, Failure, Model } from '@subagent-mcp/contract'
import {
  calledOff,
  startRpcProcess,
  type JsonRpcAnswer,
  type RpcProcess,
  type SharedStart,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { classifyRefusal, notInstalled } from '../classify.js'
import { followFile, type FollowedFile } from './tail-log.js'
import { createFollowers, type Follower } from './followers.js'
import type { AcpProfile, Prepared, Retry } from '../profile.js'
import { oneAtATime } from './one-at-a-time.js'
import { initialize, type Call } from '../session/requests.js'
import { InitializeAnswer } from '../session/wire.js'

/** A running agent, which carries many sessions. */
export type AgentProcess = Pick<RpcProcess, 'pid' | 'mark'> & {
  can: { load: boolean; close: boolean; http: boolean; sse: boolean }
  /** Never rejects. All but a prompt has a deadline. */
  request(call: Call): Promise<JsonRpcAnswer>
  notify(call: Call): void
  /** Sessions are made one at a time: Gemini's (0.61.0) wait for each other's lock twice as long at each try. */
  makeNext: ReturnType<typeof oneAtATime>
  follow(sessionId: string, follower: Follower): () => void
  /** Whether a session of ours is on it: it can be taken up by one alone. */
  carries(sessionId: string): boolean
  /** Whether none of its sessions is in a turn. */
  isQuiet(): boolean
  /** Its log tells what was said in its sessions. */
  emptyLog(): void
  /** What it last listed. */
  models: { listed: readonly Model[] | undefined }
  stop(mode: CloseMode): Promise<void>
  /** Ends it under all of its sessions, which are told why. */
  kill(why: Failure): void
  /** Resolves when no process is left, with why that is; with nothing when it was stopped. */
  gone: Promise<Failure | undefined>
}

/** Which process, and what it is started with. */
export type Launch = {
  command: string
  args: readonly string[]
  cwd: string
  environment: Readonly<Record<string, string>>
  /** Rules in the agent's own format; empty where there are none. */
  policy: string
  /** Files for it, by the variable in which it finds the path of each. */
  files: Readonly<Record<string, string>>
  /** Tells processes apart. */
  key: string
}

/** What every process needs. */
export type ProcessOptions = { profile: AcpProfile; watchdog: Watchdog; clock: Clock; deadlineMs: number }

/** Starts an agent. Resolves when it takes sessions, or is gone. */
export async function startAgent(
  launch: Launch,
  options: ProcessOptions,
  signal: AbortSignal,
): Promise<SharedStart<AgentProcess>> {
  if (signal.aborted) return { type: 'failed', failure: calledOff }
  const agent = spawnAgent(launch, options)
  const callOff = () => agent.kill(calledOff)
  signal.addEventListener('abort', callOff)
  const answer = await agent.request(initialize)
  signal.removeEventListener('abort', callOff)
  const { data } = InitializeAnswer.safeParse(answer.type === 'result' ? answer.result : undefined)
  if (data === undefined) {
    if (answer.type !== 'lost') agent.kill(classifyRefusal(options.profile.label, 'get ready', answer))
    return { type: 'failed', failure: (await agent.gone) ?? calledOff }
  }
  const { loadSession = false, sessionCapabilities, mcpCapabilities } = data.agentCapabilities ?? {}
  const close = (sessionCapabilities?.close ?? null) !== null
  const can = { load: loadSession, close, http: false, sse: false, ...mcpCapabilities }
  return { type: 'started', process: { ...agent, can, models: { listed: undefined } }, gone: agent.gone }
}

function spawnAgent(launch: Launch, options: ProcessOptions): Omit<AgentProcess, 'can' | 'models'> {
  const { profile, watchdog, clock, deadlineMs } = options
  const followers = createFollowers()
  const prepared = profile.prepare?.(launch.environment, launch.policy)
  const files = writeFiles(launch.files)
  const log = watchLog(prepared, followers.retried)
  const process = startRpcProcess({
    ...launch,
    args: [...launch.args, ...(prepared?.args ?? [])],
    label: profile.label,
    notInstalled: notInstalled(profile),
    environment: { ...launch.environment, ...prepared?.env, ...files.env },
    watchdog,
    clock,
    onRequest: followers.asked,
    onNotification: (method, params) => followers.hear({ method, params }),
    onGone: () => {
      log?.stop()
      prepared?.remove()
      files.remove()
    },
  })
  return {
    ...process,
    request: ({ method, params }) =>
      process.request(method, params, method === 'session/prompt' ? undefined : deadlineMs),
    notify: ({ method, params }) => process.notify(method, params),
    makeNext: oneAtATime(),
    follow: followers.follow,
    carries: followers.has,
    isQuiet: followers.areQuiet,
    emptyLog: () => log?.empty(),
  }
}

/** Puts files into a private folder, which goes with the process. */
function writeFiles(files: Launch['files']) {
  const entries = Object.entries(files)
  if (entries.length === 0) return { env: {}, remove: () => undefined }
  const folder = mkdtempSync(join(tmpdir(), 'subagent-mcp-agent-'))
  for (const [name, text] of entries) writeFileSync(join(folder, `${name}.json`), text, { mode: 0o600 })
  return {
    env: Object.fromEntries(entries.map(([name]) => [name, join(folder, `${name}.json`)])),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 2 }),
  }
}

/** A retry of a model request is said in no other place. */
function watchLog(prepared: Prepared | undefined, onRetry: (retry: Retry) => void): FollowedFile | undefined {
  if (prepared === undefined) return undefined
  const { path, readRetry } = prepared.log
  return followFile(path, (line) => {
    const retry = readRetry(line)
    if (retry !== undefined) onRetry(retry)
  })
}
