import type { Clock, CloseMode, Failure } from '@subagent-mcp/contract'
import { startChild, type Child, type ChildExit, type ChildOptions } from '../child/child.js'
import { exitFailure } from '../session/failures.js'
import { createJsonRpcPeer, type JsonRpcPeer, type JsonRpcPeerOptions } from './json-rpc-peer.js'

/** A running CLI that speaks JSON-RPC, a message a line. */
export type RpcProcess = Pick<JsonRpcPeer, 'request' | 'notify'> &
  Pick<Child, 'pid' | 'mark'> & {
    stop(mode: CloseMode): Promise<void>
    /** Ends it at once; `gone` tells why. */
    kill(why: Failure): void
    /** Resolves when no process is left, with why that is; with nothing when it was stopped. */
    gone: Promise<Failure | undefined>
  }

/** What to run, and who hears what it says. None of the callbacks may throw. */
export type RpcProcessOptions = Omit<ChildOptions, 'onLine' | 'onOversizedLine' | 'onExit'> &
  Pick<JsonRpcPeerOptions, 'onRequest' | 'onNotification'> & {
    /** How the CLI is called in messages. */
    label: string
    notInstalled: Failure
    clock: Clock
    /** Called once, when no process is left. */
    onGone?: () => void
  }

/** Starts a CLI and speaks to it. Throws only as `startChild` does. */
export function startRpcProcess(options: RpcProcessOptions): RpcProcess {
  const { label, notInstalled, clock, onRequest, onNotification, onGone, ...child } = options
  let end: { told: true } | { why: Failure } | undefined
  let exited: (exit: ChildExit) => void
  const exit = new Promise<ChildExit>((resolve) => (exited = resolve))
  const kill = (why: Failure) => {
    end ??= { why }
    void running.stop('kill')
  }
  const running = startChild({
    ...child,
    onLine: (line) => peer.hear(line),
    onOversizedLine: () => kill({ reason: 'protocol', message: `${label} wrote a line too long to read` }),
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
      end ??= { told: true }
      return running.stop(mode)
    },
    kill,
    gone: exit.then((how) => {
      if (end === undefined) return exitFailure(label, how, notInstalled)
      return 'why' in end ? end.why : undefined
    }),
  }
}
