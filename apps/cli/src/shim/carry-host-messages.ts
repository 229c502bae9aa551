import { systemClock } from '@subagent-mcp/contract'
import type { Socket } from 'node:net'
import { exitCode, endProcess } from '../exit.js'
import { formatHostErrorResponses, daemonEndedErrorText, trackHostRequests } from './pending-host-requests.js'
import { createJsonRpcLineFilter, type JsonRpcLine, type JsonRpcLineFilter } from './json-rpc-line-filter.js'
import { createWaitingLines, type WaitingHostLines } from './waiting-host-lines.js'
import type { DaemonConnection } from './say-hello.js'

/** The milliseconds that the daemon has to send its last lines after the host has closed stdin. */
const lastWordsMs = 5_000

/** Connects the host of this process to one daemon after another. */
export type HostMessageCarrier = {
  /** Copies lines between the host and a daemon. Resolves when the daemon has closed the connection. */
  serve(daemon: DaemonConnection): Promise<void>
  /** Lines that the host sends while no daemon is connected. */
  waiting: WaitingHostLines
}

/**
 * Carries messages between the host and one daemon after another, and exits the process when the host closes stdin. The host
 * does not notice a new daemon, because each daemon gets the handshake of the first one. Requests that a daemon left without an
 * answer get an error.
 */
export function carryHostMessages(): HostMessageCarrier {
  const { stdin, stdout } = process
  const link = openLink()
  const fromHost = readHost(link)
  const end = (): void => {
    link.hasHostEnded = true
    if (!link.socket) leave()
    link.socket.end(fromHost.rest())
    setTimeout(leave, lastWordsMs).unref()
  }
  stdin.on('data', fromHost.take).once('end', end).once('error', end)
  stdout.on('drain', () => link.socket?.resume()).once('error', leave)
  return {
    waiting: link.waiting,
    serve: (daemon) =>
      new Promise((resolve) => {
        const { socket } = daemon
        const fromDaemon = readDaemon(link, greet(link, daemon))
        socket.on('data', fromDaemon.take).on('drain', () => stdin.resume())
        socket.once('close', () => {
          // The last lines must be written before the process exits.
          if (link.hasHostEnded) {
            stdout.write(fromDaemon.rest(), leave)
            return
          }
          fromHost.cut()
          lose(link, fromDaemon)
          stdin.resume()
          resolve()
        })
        socket.resume()
      }),
  }
}

type Link = ReturnType<typeof openLink>

function openLink() {
  const daemon: { socket?: Socket } = {}
  const tell = (bytes: Buffer | string): void => {
    if (!process.stdout.write(bytes)) link.socket?.pause()
  }
  const waiting = createWaitingLines(tell, systemClock.after)
  const link = Object.assign(daemon, { calls: trackHostRequests(), waiting, tell, hasHostEnded: false })
  return link
}

function readHost(link: Link): JsonRpcLineFilter {
  const { calls, waiting, tell } = link
  return createJsonRpcLineFilter({
    mayStream: () => link.socket !== undefined,
    pass: (bytes) => {
      if (link.socket?.write(bytes) === false) process.stdin.pause()
    },
    judge: (line) => {
      if (line.came === 'cut') tell(formatHostErrorResponses(line, daemonEndedErrorText))
      else if (link.socket) calls.sent(line)
      // The host's answer is for the daemon that has ended, so the answer is dropped.
      else if (!isAnswer(line)) waiting.add(line)
      return link.socket !== undefined
    },
  })
}

/** Sends the handshake and the waiting lines to a new daemon. Returns the id of the answer that the host already has. */
function greet(link: Link, { socket }: DaemonConnection): string | undefined {
  const { calls, waiting, tell } = link
  const { lines, answer } = calls.handshake()
  // The lists of tools and prompts may have changed while no daemon ran, or be those of another release.
  if (answer !== undefined) tell(listsChanged)
  link.socket = socket
  for (const line of lines) socket.write(line)
  for (const line of waiting.takeAll()) {
    calls.sent(line)
    socket.write(line.bytes())
  }
  return answer
}

function readDaemon({ calls, tell }: Link, answer: string | undefined): JsonRpcLineFilter {
  let unwanted = answer
  return createJsonRpcLineFilter({
    mayStream: () => true,
    pass: tell,
    judge: (line) => {
      if (unwanted !== undefined && isAnswer(line, unwanted)) {
        unwanted = undefined
        return false
      }
      if (calls.endsSubscription(line)) return false
      calls.answered(line)
      return true
    },
  })
}

function lose(link: Link, fromDaemon: JsonRpcLineFilter): void {
  const { calls, waiting, tell } = link
  delete link.socket
  const { told, again } = calls.broken()
  // The host may have received half a line.
  tell([...(fromDaemon.cut() ? ['\n'] : []), ...told].join(''))
  waiting.add(...again)
}

const listsChanged = ['tools', 'prompts']
  .map((list) => `{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}\n`)
  .join('')

/** Whether a line has the answer to the request with this id, or any answer when no id is given. */
function isAnswer({ heads }: JsonRpcLine, to?: string): boolean {
  return heads.some(
    ({ id, method }) => id !== undefined && method === undefined && (to === undefined || to === id),
  )
}

function leave(): never {
  endProcess(exitCode.done)
}
