import type {
  SessionCloseMode,
  Driver,
  SessionEventSink,
  Failure,
  SessionOpenOutcome,
  DriverSession,
  SessionCommand,
  SessionSpec,
} from '@subagent-mcp/contract'
import { testAbilities } from './listed-drivers.js'

/** A driver without processes, whose sessions a test controls. */
export type ManualDriver = Driver & { sessions: ManualSession[]; preflightFailure?: Failure }

/** One session of a `ManualDriver`. */
export type ManualSession = {
  spec: SessionSpec
  /** The commands that the session received from its owner. */
  sent: SessionCommand[]
  sink: SessionEventSink
  /** Completes the opening of the session. Default outcome: a session that closes without a failure. */
  open(outcome?: SessionOpenOutcome): Promise<void>
  /** Ends the running turn of the session with an answer. */
  finish(answer?: string): void
  /** Reports a reset with a new session id; without an id, a rewind. */
  haveReset(sessionId?: string): void
  /** The mode of `close`, once it was called. */
  closed(): SessionCloseMode | undefined
}

/** Every session waits for `open`. It cannot steer, so that a refusal can be tested. */
export function createManualDriver(id = 'claude'): ManualDriver {
  const sessions: ManualSession[] = []
  return {
    id,
    sessions,
    abilities: { ...testAbilities, steer: false },
    preflight() {
      return this.preflightFailure
    },
    installation: () => '/hand 1',
    probe: () => Promise.resolve({ installed: true, executable: '/hand', version: '1', signedIn: 'unknown' }),
    models: () => Promise.resolve({ type: 'listed', models: [{ id: 'hand-1', aliases: ['hand'] }] }),
    effort: (effort) =>
      effort === 'ultracode'
        ? { type: 'refused', message: 'no ultracode here' }
        : { type: 'word', word: effort },
    open: (spec, sink) =>
      new Promise((resolve) => {
        sessions.push(handSession(spec, sink, resolve))
      }),
  }
}

function handSession(
  spec: SessionSpec,
  sink: SessionEventSink,
  resolve: (outcome: SessionOpenOutcome) => void,
): ManualSession {
  const sent: SessionCommand[] = []
  let closed: SessionCloseMode | undefined
  const session: DriverSession = {
    send: (command) => {
      sent.push(command)
    },
    close: (mode) => {
      if (closed === undefined) sink({ type: 'session-closed' })
      closed ??= mode
      return Promise.resolve()
    },
  }
  return {
    spec,
    sent,
    sink,
    open: async (outcome = { type: 'opened', session }) => {
      resolve(outcome)
      await new Promise(setImmediate)
    },
    haveReset: (sessionId) => {
      if (sessionId !== undefined) sink({ type: 'session-identified', sessionId })
      sink({ type: 'conversation-reset' })
    },
    closed: () => closed,
    finish: (answer = 'done') => {
      const prompt = sent.findLast((command) => command.type === 'prompt')
      sink({ type: 'turn-ended', turnId: prompt?.turnId ?? '', outcome: { type: 'completed', answer } })
    },
  }
}
