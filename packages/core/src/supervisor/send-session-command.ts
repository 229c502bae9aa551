import type { DriverSession, SessionCommand } from '@subagent-mcp/contract'
import type { SupervisorOptions } from './supervisor.js'

/**
 * An agent's session that is opening or open. `request` ends each prompt to it. `stopTimer` cancels its timer: that of its turn's time
 * limit, or while it is idle that of its closing. `waiting`: a prompt whose turn is being prepared, and the commands after it.
 */
export type OpenAgentSession = {
  opening: AbortController
  request?: string
  session?: DriverSession
  stopTimer?: () => void
  waiting?: SessionCommand[]
}

/** The function that prepares a turn before its prompt is sent. */
type TurnPreparation = { beforeTurn: SupervisorOptions['beforeTurn'] | undefined }

/** Sends a command to a session that is open, a prompt once its turn is prepared. */
export function sendSessionCommand(
  { beforeTurn }: TurnPreparation,
  entry: OpenAgentSession | undefined,
  { agentId, command }: { agentId: string; command: SessionCommand },
): void {
  const { session, request, waiting } = entry ?? {}
  if (!entry || !session) return
  const asks = command.type === 'prompt' && request !== undefined
  const whole = asks ? { ...command, text: `${command.text}\n\n${request}` } : command
  const preparing = command.type === 'prompt' && !waiting ? beforeTurn?.(agentId) : undefined
  if (waiting) waiting.push(whole)
  else if (preparing) void holdUntil(preparing, entry, [whole])
  else session.send(whole)
}

/** Sends commands once their turn is prepared, with those that come meanwhile. */
async function holdUntil(
  preparing: Promise<void>,
  entry: OpenAgentSession,
  waiting: SessionCommand[],
): Promise<void> {
  entry.waiting = waiting
  await preparing
  delete entry.waiting
  for (const command of waiting) entry.session?.send(command)
}

/** Forgets the commands that wait, because the session closes. */
export function dropWaitingSessionCommands(entry: OpenAgentSession | undefined): void {
  entry?.waiting?.splice(0)
}
