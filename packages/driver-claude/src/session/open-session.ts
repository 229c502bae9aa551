import {
  omitUndefined,
  type Failure,
  type LocalMcpServer,
  type Model,
  type DriverSession,
} from '@subagent-mcp/contract'
import {
  childMarkVariable,
  createAnswerDeadlines,
  killTaggedProcesses,
  createCliExitFailure,
  delaySessionEvents,
  launchAbortFailure,
  startChildProcess,
  type ChildProcessHandle,
  type ChildProcessOptions,
  type DriverSettings,
  type SessionOwner,
} from '@subagent-mcp/driver-kit'
import { claudeCli } from '../claude-cli.js'
import { initializeRequestId, type ClaudeHandshake } from './handshake.js'
import { createClaudeMcpMessages } from './mcp-messages.js'
import { createLiveClaudeConversation, type LiveClaudeConversation } from './live-conversation.js'

export type ClaudeSessionOptions = SessionOwner &
  Pick<DriverSettings, 'clock' | 'deadlineMs'> & {
    process: Omit<ChildProcessOptions, 'onLine' | 'onOversizedLine' | 'onExit'>
    handshake: ClaudeHandshake
    /** The session's MCP servers in this process, by name. */
    mcpServers: ReadonlyMap<string, LocalMcpServer>
    /** Called once, when no process of the session is left. */
    onGone: () => void
  }

export type ClaudeOpenOutcome =
  | {
      type: 'opened'
      session: DriverSession
      notes: readonly string[]
      models: readonly Model[]
      pid: number | undefined
    }
  | { type: 'failed'; failure: Failure }

/** Starts the `claude` process of a session. Resolves when it is ready for prompts, or has exited. */
export function openClaudeSession(options: ClaudeSessionOptions): Promise<ClaudeOpenOutcome> {
  const { signal, onGone } = options
  if (signal.aborted) {
    onGone()
    return Promise.resolve({ type: 'failed', failure: launchAbortFailure })
  }
  return new Promise((resolve) => {
    const kill = startSession(options, (opening) => {
      signal.removeEventListener('abort', abort)
      resolve(opening)
    })
    const abort = () => kill(launchAbortFailure)
    signal.addEventListener('abort', abort)
  })
}

/** Set in 2.1.329 for the shells of Claude's tools and not for its MCP servers; `CLAUDECODE` is set for both. */
const shellVariable = 'CLAUDE_CODE_CHILD_SESSION'

type Kill = (why: Failure) => void

function startSession(
  { process, handshake, mcpServers, clock, deadlineMs, sink, onGone }: ClaudeSessionOptions,
  onOpening: (opening: ClaudeOpenOutcome) => void,
): Kill {
  let live: LiveClaudeConversation | undefined
  let closing = false
  let failure: Failure | undefined
  const kill: Kill = (why) => {
    if (!closing) failure ??= why
    void child.stop('kill')
  }
  const cleanUp = () => killTaggedProcesses({ mark: child.mark, pid: child.pid, name: shellVariable })
  const deadlines = createAnswerDeadlines(clock, deadlineMs, (id) => kill(tooLate(id, deadlineMs)))
  const session: DriverSession = {
    send: (command) => live?.send(command),
    close: (mode) => {
      closing = true
      return child.stop(mode)
    },
  }
  const getReady = (line: string) => {
    const readiness = handshake.onLine(line)
    if (readiness?.type === 'failed') kill(readiness.failure)
    if (readiness?.type === 'ready') {
      const { models, notes } = readiness
      deadlines.follow([])
      const { write, pid } = child
      const delayed = delaySessionEvents(sink)
      live = createLiveClaudeConversation({ sink: delayed, write, deadlines, cleanUp, onFault: kill })
      onOpening({ type: 'opened', session, notes, models, pid })
    }
  }
  const child = startProcess({
    ...{ ...process, mcpServers },
    onLine: (line) => (live ? live.onLine(line) : getReady(line)),
    onOversizedLine: () => kill({ reason: 'protocol', message: 'claude wrote a line too long to read' }),
    onExit: (exit) => {
      deadlines.follow([])
      onGone()
      if (live) live.end(failure ?? (closing ? undefined : createCliExitFailure(claudeCli, exit)))
      else onOpening({ type: 'failed', failure: failure ?? createCliExitFailure(claudeCli, exit) })
    },
  })
  deadlines.follow([initializeRequestId])
  handshake.lines.forEach(child.write)
  return kill
}

/** Starts `claude`. Its MCP messages for servers in this process go to them, and all other lines to `onLine`. */
function startProcess({
  mcpServers,
  ...options
}: ChildProcessOptions & Pick<ClaudeSessionOptions, 'mcpServers'>): ChildProcessHandle {
  const { cwd, environment } = options
  const child = startChildProcess({
    ...options,
    onLine: (line) => {
      if (!mcp.take(line)) options.onLine(line)
    },
    onExit: (exit) => {
      mcp.close()
      options.onExit(exit)
    },
  })
  const { pid, mark, write } = child
  const marked = { ...environment, [childMarkVariable]: mark }
  const client = { cwd, environment: marked, ...omitUndefined({ pid }) }
  const mcp = createClaudeMcpMessages({ servers: mcpServers, client, write })
  return child
}

function tooLate(id: string, milliseconds: number): Failure {
  const what = id === initializeRequestId ? 'did not get ready' : 'did not answer a request'
  return { reason: 'timed-out', message: `claude ${what} within ${milliseconds / 1000} s` }
}
