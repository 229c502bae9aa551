import type { Model, CliModelList } from '@subagent-mcp/contract'
import {
  awaitRpcReady,
  createRpcRefusalFailure,
  createSessionListeners,
  launchAbortFailure,
  startRpcProcess,
  type DriverSettings,
  type SessionListener,
  type JsonRpcOutcome,
  type RpcProcess,
  type SharedProcessStart,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { codexCli } from '../codex-cli.js'
import { readCodexModels } from '../launch/models.js'
import {
  ThreadReference,
  CodexInitializeAnswer,
  ModelsAnswer,
  ignoredCodexNotifications,
} from '../session/wire.js'

/** A running `codex app-server`, which carries the threads of many sessions. */
export type AppServer = Pick<RpcProcess, 'pid' | 'mark' | 'stop' | 'kill' | 'gone'> & {
  executable: string
  version: string
  /** Sends a request to the Codex server with a deadline. Never rejects. */
  request(method: string, params: unknown): Promise<JsonRpcOutcome>
  /** Registers the follower that receives a Codex thread's messages; the returned function removes it. */
  follow(threadId: string, follower: SessionListener): () => void
  /** Whether a session of this process runs on the thread. Only one session may. */
  carries(threadId: string): boolean
  /** The models that the server lists. It is asked once, and again after a failure. */
  models(): Promise<CliModelList>
}

/** The executable and environment of a Codex server; `processKey` separates servers that are started alike. */
export type AppServerLaunch = {
  command: string
  environment: Readonly<Record<string, string>>
  processKey: string | undefined
}

/** Starts a server. Resolves when it accepts requests, or has exited. */
export async function startAppServer(
  launch: AppServerLaunch,
  settings: DriverSettings,
  signal: AbortSignal,
): Promise<SharedProcessStart<AppServer>> {
  if (signal.aborted) return { type: 'failed', failure: launchAbortFailure }
  const server = spawnServer(launch, settings)
  const asked = server.request('initialize', initialization)
  const ready = await awaitRpcReady(server, asked, { label: codexCli.label, read: readVersion, signal })
  if ('failure' in ready) return ready
  server.notify('initialized')
  const process = {
    ...server,
    ...ready,
    executable: launch.command,
    models: askOnce(() => listModels(server)),
  }
  return { type: 'started', process, gone: server.gone }
}

function readVersion(initialized: unknown): { version: string } {
  const { data } = CodexInitializeAnswer.safeParse(initialized)
  return { version: /\/(\S+)/.exec(data?.userAgent ?? '')?.[1] ?? 'unknown' }
}

const initialization = {
  clientInfo: { name: 'subagent-mcp', title: null, version: '0' },
  // Experimental in 0.169: ending the commands of a thread, reverting a turn, and raw items of a turn.
  capabilities: {
    experimentalApi: true,
    requestAttestation: false,
    optOutNotificationMethods: ignoredCodexNotifications,
  },
}

/** Arguments of `codex app-server`. By default a thread and its processes stay loaded for half an hour after its session. */
const serverArguments = ['app-server', '-c', 'thread_unload_delay_secs=0']

type Server = Omit<AppServer, 'executable' | 'version' | 'models'> & { notify(method: string): void }

function spawnServer(launch: AppServerLaunch, { watchdog, clock, deadlineMs }: DriverSettings): Server {
  const followers = createSessionListeners()
  const process = startRpcProcess({
    command: launch.command,
    environment: launch.environment,
    cli: codexCli,
    args: serverArguments,
    // The server starts in the home folder: in the one for temporary files other users could put settings.
    cwd: homedir(),
    watchdog,
    clock,
    onRequest: (request, respond) =>
      followers.get(threadOf(request.params) ?? '')?.onRequest(request, respond) ?? 'unknown',
    onNotification: (method, params) => {
      const threadId = threadOf(params)
      const about = threadId === undefined ? followers.all() : [followers.get(threadId)]
      for (const follower of about) follower?.onNotification({ method, params })
    },
  })
  return {
    ...process,
    request: (method, params) => process.request(method, params, deadlineMs),
    follow: followers.follow,
    carries: followers.has,
  }
}

/** Returns the Codex thread that a message is about; undefined for a message about all threads. */
function threadOf(params: unknown): string | undefined {
  return ThreadReference.safeParse(params).data?.threadId
}

async function listModels({ request }: Server): Promise<CliModelList> {
  const answer = await request('model/list', {})
  const models = answer.type === 'result' ? readModels(answer.result) : undefined
  if (models !== undefined) return { type: 'listed', models }
  return { type: 'failed', failure: createRpcRefusalFailure(codexCli.label, 'list its models', answer) }
}

function readModels(result: unknown): readonly Model[] | undefined {
  const { data } = ModelsAnswer.safeParse(result)
  return data && readCodexModels(data.data)
}

/** Keeps the first model list that did not fail, for later calls. */
function askOnce(ask: () => Promise<CliModelList>): () => Promise<CliModelList> {
  let asked: Promise<CliModelList> | undefined
  return async () => {
    asked ??= ask()
    const listed = await asked
    if (listed.type === 'failed') asked = undefined
    return listed
  }
}
