import type {
  Driver,
  EventSink,
  Failure,
  OpenOutcome,
  SessionCommand,
  SessionSpec,
} from '@subagent-mcp/contract'

/** A driver without processes, for tests of what is above drivers: the test moves its sessions. */
export type HandDriver = Driver & { sessions: HandSession[]; preflightFailure?: Failure }

/** One session of a `HandDriver`. */
export type HandSession = {
  spec: SessionSpec
  /** What the session was told. */
  sent: SessionCommand[]
  sink: EventSink
  /** Ends the opening. Without an outcome it opens, and closes without a fault when it is told to. */
  open(outcome?: OpenOutcome): Promise<void>
  /** Ends the running turn with an answer. */
  finish(answer?: string): void
}

/** Every session waits for `open`. It cannot steer, so that a refusal can be tested. */
export function createHandDriver(id = 'claude'): HandDriver {
  const sessions: HandSession[] = []
  return {
    id,
    sessions,
    abilities: {
      resume: true,
      fork: true,
      steer: false,
      approve: true,
      interrupt: true,
      reset: true,
      configure: true,
      usage: true,
    },
    preflight() {
      return this.preflightFailure
    },
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
  sink: EventSink,
  resolve: (outcome: OpenOutcome) => void,
): HandSession {
  const sent: SessionCommand[] = []
  const session = {
    send: (command: SessionCommand) => {
      sent.push(command)
    },
    close: () => {
      sink({ type: 'session-closed' })
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
    finish: (answer = 'done') => {
      const prompt = sent.findLast((command) => command.type === 'prompt')
      sink({ type: 'turn-ended', turnId: prompt?.turnId ?? '', outcome: { type: 'completed', answer } })
    },
  }
}
