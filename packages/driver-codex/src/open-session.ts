import type { Clock, EventSink, OpenOutcome, SessionSpec } from '@subagent-mcp/contract'
import { openSharedSession, type Lease } from '@subagent-mcp/driver-kit'
import type { AppServer } from './app-server.js'
import { endProcesses } from './leftovers.js'
import { createLiveThread } from './live-thread.js'
import { openThread } from './open-thread.js'
import { putAway } from './put-away.js'

/** What a session is made of. */
export type SessionParts = {
  lease: () => Promise<Lease<AppServer>>
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

/** Opens a thread in the shared process and joins it to a conversation. */
export function openSession({ spec, clock, deadlineMs, ...parts }: SessionParts): Promise<OpenOutcome> {
  return openSharedSession({
    ...parts,
    label: 'codex',
    make: (server: AppServer) => openThread(server, spec),
    drop: (server, { threadId }) => {
      void putAway(server, threadId, deadlineMs).then(() => endProcesses(server, threadId))
    },
    join: (server, conversation, owner) =>
      createLiveThread(conversation, { ...owner, server, clock, deadlineMs }),
  })
}
