import type {
  SessionCloseMode,
  Driver,
  SessionEventSink,
  SessionOpenOutcome,
  DriverSession,
  SessionCommand,
  SessionEvent,
  SessionSpec,
} from '@subagent-mcp/contract'
import { delaySessionEvents } from '@subagent-mcp/driver-kit'
import { createManualDriver } from '@subagent-mcp/testkit'

/** A session of the deep driver. A test moves it; with `quick` it reacts immediately. */
export type Deep = {
  spec: SessionSpec
  pid: number
  sent: SessionCommand[]
  closes: SessionCloseMode[]
  /** The commands that the session got and the events that it sent, one word each, in order. */
  story: string[]
  status: 'opening' | 'open' | 'closed'
  aborted: boolean
  /** The id of the turn that the session runs. */
  running: string | undefined
  /** The session has not acknowledged a reset or a rewind yet. */
  forgetting: boolean
  opened: () => Promise<void>
  failed: (message: string) => Promise<void>
  say: (event: SessionEvent) => void
  /** Ends the newest turn of the session. */
  finish: (answer?: string) => void
  /** Acknowledges a reset or a rewind of the session. */
  forgotten: () => void
  /** Closes the session as crashed. */
  die: () => void
  /** Closes the session after `close` was called. */
  gone: () => Promise<void>
}

/** The abilities of the deep driver. `quick`: its sessions open, answer, reset and close immediately. */
export type DeepOptions = { quick?: boolean; shares?: boolean; rewind?: boolean }

/** Creates a driver whose sessions the test moves. They are added to `sessions`. */
export function deepDriver(
  sessions: Deep[],
  { quick = false, shares = false, rewind = true }: DeepOptions,
): Driver {
  const hand = createManualDriver()
  return {
    ...hand,
    sharesProcess: shares,
    abilities: { ...hand.abilities, rewind },
    open: (spec, sink, signal) =>
      new Promise((resolve) => {
        const number = sessions.length + 1
        const pid = shares ? 1_000 + Number(spec.processKey?.replace('pool-', '')) : number
        const deep = deepSession({ spec, sink, pid, number, quick }, resolve)
        sessions.push(deep)
        signal.addEventListener('abort', () => {
          deep.aborted = true
          if (deep.status === 'opening') deep.status = 'closed'
          resolve({ type: 'failed', failure: { reason: 'unknown', message: 'aborted' } })
        })
        if (quick) void deep.opened()
      }),
  }
}

type Making = { spec: SessionSpec; sink: SessionEventSink; pid: number; number: number; quick: boolean }

function deepSession(
  { spec, sink, pid, number, quick }: Making,
  resolve: (outcome: SessionOpenOutcome) => void,
): Deep {
  let resets = 0
  let held: SessionEventSink | undefined
  const { close, done } = createEnd()
  const deep: Deep = {
    ...{ spec, pid, sent: [], closes: [], story: [], status: 'opening', aborted: false },
    ...{ running: undefined, forgetting: false },
    opened: async () => {
      if (deep.status !== 'opening') return
      deep.status = 'open'
      held = delaySessionEvents(sink)
      resolve({ type: 'opened', session: sessionOf(deep, { quick, close }), pid, notes: ['as asked'] })
      deep.say({ type: 'session-identified', sessionId: `s${number}` })
      await new Promise(setImmediate)
    },
    failed: async (message) => {
      deep.status = 'closed'
      resolve({ type: 'failed', failure: { reason: 'not-signed-in', message } })
      await calm()
    },
    say: (event) => {
      if (deep.status !== 'open') return
      note(deep, event)
      held?.(event)
    },
    finish: (answer = 'done') => {
      const prompt = deep.sent.findLast((command) => command.type === 'prompt')
      if (prompt)
        deep.say({ type: 'turn-ended', turnId: prompt.turnId, outcome: { type: 'completed', answer } })
    },
    forgotten: () => {
      deep.say({ type: 'session-identified', sessionId: `s${number}.${(resets += 1)}` })
      deep.say({ type: 'conversation-reset' })
    },
    die: () => deep.say({ type: 'session-closed', failure: { reason: 'crashed', message: 'died' } }),
    gone: async () => {
      deep.say({ type: 'session-closed' })
      done()
      await calm()
    },
  }
  return deep
}

function sessionOf(
  deep: Deep,
  { quick, close }: { quick: boolean; close: () => Promise<void> },
): DriverSession {
  return {
    send: (command) => {
      receive(deep, command)
      if (quick) answer(deep, command)
    },
    close: (mode) => {
      deep.closes.push(mode)
      if (quick) void deep.gone()
      return deep.status === 'closed' ? Promise.resolve() : close()
    },
  }
}

function createEnd(): { close: () => Promise<void>; done: () => void } {
  let done = (): void => undefined
  const end = new Promise<void>((resolve) => (done = resolve))
  return { close: () => end, done: () => done() }
}

function note(deep: Deep, event: SessionEvent): void {
  deep.story.push(event.type)
  if (event.type === 'session-closed') deep.status = 'closed'
  if (event.type === 'turn-ended') deep.running = undefined
  if (event.type === 'conversation-reset') deep.forgetting = false
}

function receive(deep: Deep, command: SessionCommand): void {
  deep.sent.push(command)
  deep.story.push(command.type === 'prompt' ? `prompt ${command.text}` : command.type)
  if (command.type === 'prompt') deep.running = command.turnId
  if (command.type === 'reset' || command.type === 'rewind') deep.forgetting = true
}

function answer(deep: Deep, command: SessionCommand): void {
  if (command.type === 'prompt') queueMicrotask(() => deep.finish(command.text))
  if (command.type === 'reset' || command.type === 'rewind') queueMicrotask(() => deep.forgotten())
}

/** Lets all work run that waits for no timer. */
export async function calm(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise(setImmediate)
}
