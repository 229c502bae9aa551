import type { Clock, CloseMode, Failure, Model } from '@subagent-mcp/contract'
import {
  calledOff,
  startRpcProcess,
  type JsonRpcAnswer,
  type RpcProcess,
  type SharedStart,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { classifyRefusal, notInstalled } from '../classify.js'
import { createFollowers, type Follower } from './followers.js'
import { modelsOf } from '../launch/models.js'
import { InitializeAnswer, ModelsAnswer, unreadNotifications } from '../session/wire.js'

/** A running `codex app-server`, which carries the threads of many sessions. */
export type AppServer = Pick<RpcProcess, 'pid' | 'mark'> & {
  executable: string
  version: string
  /** Never rejects; an answer has a deadline. */
  request(method: string, params: unknown): Promise<JsonRpcAnswer>
  follow(threadId: string, follower: Follower): () => void
  /** Whether a session of ours is on it: it can be taken up by one alone. */
  carries(threadId: string): boolean
  models(): Promise<Listed>
  stop(mode: CloseMode): Promise<void>
  /** Ends it under all of its sessions, which are told why. */
  kill(why: Failure): void
  /** Resolves when no process is left, with why that is; with nothing when it was stopped. */
  gone: Promise<Failure | undefined>
}

/** What the server lists, asked once. */
export type Listed = { models: readonly Model[] } | { failure: Failure }

/** Which process, what it is started with, and what it is called apart from others that are started alike. */
export type Launch = {
  command: string
  environment: Readonly<Record<string, string>>
  processKey: string | undefined
}

/** What every process needs. */
export type ServerOptions = { watchdog: Watchdog; clock: Clock; deadlineMs: number }

/** Starts a server. Resolves when it takes requests, or is gone. */
export async function startAppServer(
  launch: Launch,
  options: ServerOptions,
  signal: AbortSignal,
): Promise<SharedStart<AppServer>> {
  if (signal.aborted) return { type: 'failed', failure: calledOff }
  const server = spawnServer(launch, options)
  const callOff = () => server.kill(calledOff)
  signal.addEventListener('abort', callOff)
  const answer = await server.request('initialize', initialization)
  signal.removeEventListener('abort', callOff)
  if (answer.type !== 'result') {
    server.kill(answer.type === 'lost' ? calledOff : classifyRefusal('get ready', answer))
    return { type: 'failed', failure: (await server.gone) ?? calledOff }
  }
  server.notify('initialized')
  const process = {
    ...server,
    executable: launch.command,
    version: versionOf(answer.result),
    models: askOnce(() => listModels(server)),
  }
  return { type: 'started', process, gone: server.gone }
}

function versionOf(initialized: unknown): string {
  const { data } = InitializeAnswer.safeParse(initialized)
  return /\/(\S+)/.exec(data?.userAgent ?? '')?.[1] ?? 'unknown'
}

const initialization = {
  clientInfo: { name: 'subagent-mcp', title: null, version: '0' },
  // Experimental are the requests that end a thread's commands and take a turn back, and what tells a turn in raw items.
  capabilities: {
    experimentalApi: true,
    requestAttestation: false,
    optOutNotificationMethods: unreadNotifications,
  },
}

/** A thread that is left is put away at once, with its commands and MCP servers, and not after half an hour. */
const serverArguments = ['app-server', '-c', 'thread_unload_delay_secs=0']

type Server = Omit<AppServer, 'executable' | 'version' | 'models'> & { notify(method: string): void }

function spawnServer(launch: Launch, { watchdog, clock, deadlineMs }: ServerOptions): Server {
  const followers = createFollowers()
  const process = startRpcProcess({
    command: launch.command,
    environment: launch.environment,
    label: 'codex',
    notInstalled,
    args: serverArguments,
    // Not the folder for temporary files: a stranger could have put settings there.
    cwd: homedir(),
    watchdog,
    clock,
    onRequest: followers.asked,
    onNotification: (method, params) => followers.hear({ method, params }),
  })
  return {
    ...process,
    request: (method, params) => process.request(method, params, deadlineMs),
    follow: followers.follow,
    carries: followers.has,
  }
}

async function listModels({ request }: Server): Promise<Listed> {
  const answer = await request('model/list', {})
  if (answer.type !== 'result') return { failure: classifyRefusal('list its models', answer) }
  const { data } = ModelsAnswer.safeParse(answer.result)
  if (data !== undefined) return { models: modelsOf(data.data) }
  return { failure: { reason: 'protocol', message: 'codex listed its models in a way that cannot be read' } }
}

/** Asks again only when it has failed. */
function askOnce(ask: () => Promise<Listed>): () => Promise<Listed> {
  let asked: Promise<Listed> | undefined
  return async () => {
    asked ??= ask()
    const listed = await asked
    if ('failure' in listed) asked = undefined
    return listed
  }
}
