import type { Model } from '@subagent-mcp/contract'
import {
  awaitRpcReady,
  launchAbortFailure,
  removeFolderIfPossible,
  startRpcProcess,
  type DriverSettings,
  type JsonRpcOutcome,
  type RpcProcess,
  type SharedProcessStart,
} from '@subagent-mcp/driver-kit'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AcpProfile, ModelRetry, AgentProcessFiles } from '../profile.js'
import { acpInitializeRequest, type AcpRequest } from '../session/requests.js'
import { AcpInitializeAnswer } from '../session/wire.js'
import { createAcpSessionListeners, type AcpSessionListener } from './session-listeners.js'
import { followLogFile, type FollowedLogFile } from './follow-log-file.js'

/** A running ACP agent process, which carries the sessions of several launches. */
export type AcpAgentProcess = Pick<RpcProcess, 'pid' | 'mark' | 'stop' | 'kill' | 'gone'> & {
  can: { load: boolean; close: boolean; image: boolean; http: boolean; sse: boolean }
  /** Sends a request to the ACP agent. All but `session/prompt` have a deadline. Never rejects. */
  request(call: AcpRequest): Promise<JsonRpcOutcome>
  notify(call: AcpRequest): void
  /**
   * Runs work after the work before it has ended. Sessions are opened through it one at a time, because each retry of
   * Gemini (0.61.0) for the lock of its session files waits twice as long as the one before. The work must not reject.
   */
  inSequence: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Registers the follower that receives an ACP session's notifications; the returned function removes it. */
  follow(sessionId: string, follower: AcpSessionListener): () => void
  /** Whether the session is open in this process. Only one agent may use a session. */
  carries(sessionId: string): boolean
  /** Whether no session of the ACP agent process is in a turn. */
  isQuiet(): boolean
  emptyLog(): void
  /** The models that the ACP agent listed last; undefined before its first list. */
  models: { listed: readonly Model[] | undefined }
}

/** The command, arguments and environment with which an ACP agent process starts. */
export type AcpProcessLaunch = {
  command: string
  args: readonly string[]
  cwd: string
  environment: Readonly<Record<string, string>>
  /** Permission rules in the agent's own format; empty when there are none. */
  policy: string
  /** Content of files to write for the agent process, by the environment variable that names each path. */
  files: Readonly<Record<string, string>>
  key: string
}

export type AcpAgentSettings = DriverSettings & { profile: AcpProfile }

/** Starts an ACP agent process. Resolves when it accepts sessions, or has exited. */
export async function startAcpAgentProcess(
  launch: AcpProcessLaunch,
  settings: AcpAgentSettings,
  signal: AbortSignal,
): Promise<SharedProcessStart<AcpAgentProcess>> {
  if (signal.aborted) return { type: 'failed', failure: launchAbortFailure }
  const agent = spawnAgent(launch, settings)
  const { label } = settings.profile
  const can = await awaitRpcReady(agent, agent.request(acpInitializeRequest), {
    label,
    read: readAbilities,
    signal,
  })
  if ('failure' in can) return can
  return { type: 'started', process: { ...agent, can, models: { listed: undefined } }, gone: agent.gone }
}

function readAbilities(initialized: unknown): AcpAgentProcess['can'] | undefined {
  const { data } = AcpInitializeAnswer.safeParse(initialized)
  if (data === undefined) return undefined
  const {
    loadSession = false,
    sessionCapabilities,
    promptCapabilities,
    mcpCapabilities,
  } = data.agentCapabilities ?? {}
  const close = (sessionCapabilities?.close ?? null) !== null
  const { image = false } = promptCapabilities ?? {}
  return { load: loadSession, close, image, http: false, sse: false, ...mcpCapabilities }
}

function spawnAgent(
  launch: AcpProcessLaunch,
  { profile, watchdog, clock, deadlineMs }: AcpAgentSettings,
): Omit<AcpAgentProcess, 'can' | 'models'> {
  const followers = createAcpSessionListeners()
  const prepared = profile.prepare?.(launch.environment, launch.policy)
  const files = writeFiles(launch.files)
  const log = tailRetries(prepared, followers.onRetry)
  const process = startRpcProcess({
    ...launch,
    args: [...launch.args, ...(prepared?.args ?? [])],
    cli: profile,
    environment: { ...launch.environment, ...prepared?.env, ...files.env },
    watchdog,
    clock,
    onRequest: followers.onRequest,
    onNotification: (method, params) => followers.onNotification({ method, params }),
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
    inSequence: createWorkQueue(),
    follow: followers.follow,
    carries: followers.has,
    isQuiet: followers.areQuiet,
    emptyLog: () => log?.empty(),
  }
}

/** Writes files into a private folder; `env` names their paths. */
function writeFiles(files: AcpProcessLaunch['files']) {
  const entries = Object.entries(files)
  if (entries.length === 0) return { env: {}, remove: () => undefined }
  const folder = mkdtempSync(join(tmpdir(), 'subagent-mcp-agent-'))
  for (const [name, text] of entries) writeFileSync(join(folder, `${name}.json`), text, { mode: 0o600 })
  return {
    env: Object.fromEntries(entries.map(([name]) => [name, join(folder, `${name}.json`)])),
    remove: () => removeFolderIfPossible(folder),
  }
}

/** Reports the retries of model requests, which an agent writes to its log only. */
function tailRetries(
  prepared: AgentProcessFiles | undefined,
  onRetry: (retry: ModelRetry) => void,
): FollowedLogFile | undefined {
  if (prepared === undefined) return undefined
  const { path, readRetry } = prepared.log
  return followLogFile(path, (line) => {
    const retry = readRetry(line)
    if (retry !== undefined) onRetry(retry)
  })
}

/** Creates a queue of functions that run one after the other, in the order of the calls. */
export function createWorkQueue(): AcpAgentProcess['inSequence'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next
    return next
  }
}
