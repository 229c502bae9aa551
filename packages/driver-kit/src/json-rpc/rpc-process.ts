import type { Clock, SessionCloseMode, Failure } from '@subagent-mcp/contract'
import {
  startChildProcess,
  type ChildProcessHandle,
  type ChildProcessExit,
  type ChildProcessOptions,
} from '../child/child.js'
import type { Cli } from '../executable/cli.js'
import { createRpcRefusalFailure, createCliExitFailure, launchAbortFailure } from '../session/failures.js'
import {
  createJsonRpcPeer,
  type JsonRpcOutcome,
  type JsonRpcPeer,
  type JsonRpcPeerOptions,
} from './json-rpc-peer.js'

/** A running CLI that speaks JSON-RPC, one message per line. */
export type RpcProcess = Pick<JsonRpcPeer, 'request' | 'notify'> &
  Pick<ChildProcessHandle, 'pid' | 'mark'> & {
    stop(mode: SessionCloseMode): Promise<void>
    /** Kills the CLI's process; `gone` then resolves to `why`. */
    kill(why: Failure): void
    /** Resolves when no process is left: to the failure that ended it, or to undefined after `stop`. */
    gone: Promise<Failure | undefined>
  }

/** The CLI to start, and the callbacks for its JSON-RPC messages. The callbacks must not throw. */
export type RpcProcessOptions = Omit<ChildProcessOptions, 'onLine' | 'onOversizedLine' | 'onExit'> &
  Pick<JsonRpcPeerOptions, 'onRequest' | 'onNotification'> & {
    cli: Cli
    clock: Clock
    /** Called once, when no process of the CLI is left. */
    onGone?: () => void
  }

/** Starts a CLI that speaks JSON-RPC. Throws only for a NUL byte in the command or its arguments. */
export function startRpcProcess(options: RpcProcessOptions): RpcProcess {
  const { cli, clock, onRequest, onNotification, onGone, ...child } = options
  let end: { type: 'stopped' } | { type: 'killed'; why: Failure } | undefined
  let exited: (exit: ChildProcessExit) => void
  const exit = new Promise<ChildProcessExit>((resolve) => (exited = resolve))
  const kill = (why: Failure) => {
    end ??= { type: 'killed', why }
    void running.stop('kill')
  }
  const running = startChildProcess({
    ...child,
    onLine: (line) => peer.onLine(line),
    onOversizedLine: () =>
      kill({ reason: 'protocol', message: `${cli.label} wrote a line too long to read` }),
    onExit: (how) => {
      exited(how)
      peer.end()
      onGone?.()
    },
  })
  const peer = createJsonRpcPeer({ write: running.write, clock, onRequest, onNotification })
  return {
    pid: running.pid,
    mark: running.mark,
    request: peer.request,
    notify: peer.notify,
    stop: (mode) => {
      end ??= { type: 'stopped' }
      return running.stop(mode)
    },
    kill,
    gone: exit.then((how) => {
      if (end === undefined) return createCliExitFailure(cli, how)
      return end.type === 'killed' ? end.why : undefined
    }),
  }
}

/**
 * Waits for the answer to the first request of a process, and returns what `read` makes of its result. Without a result
 * that can be read the process is killed, as it is when `signal` is aborted. Never rejects.
 */
export async function awaitRpcReady<Ready>(
  process: Pick<RpcProcess, 'kill' | 'gone'>,
  asked: Promise<JsonRpcOutcome>,
  {
    label,
    read,
    signal,
  }: { label: string; read: (result: unknown) => Ready | undefined; signal: AbortSignal },
): Promise<Ready | { type: 'failed'; failure: Failure }> {
  const abort = () => process.kill(launchAbortFailure)
  signal.addEventListener('abort', abort)
  const answer = await asked
  signal.removeEventListener('abort', abort)
  const ready = answer.type === 'result' ? read(answer.result) : undefined
  if (ready !== undefined) return ready
  if (answer.type !== 'lost') process.kill(createRpcRefusalFailure(label, 'get ready', answer))
  return { type: 'failed', failure: (await process.gone) ?? launchAbortFailure }
}
