import {
  systemClock,
  type Abilities,
  type Clock,
  type Driver,
  type EventSink,
  type Failure,
  type ModelList,
  type SessionSpec,
} from '@subagent-mcp/contract'
import { unexpectedFailure, type Watchdog } from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { argumentsFor, environmentFor } from './arguments.js'
import { notSignedIn } from './classify.js'
import { chooseEffort } from './effort.js'
import { createHandshake } from './handshake.js'
import { locateClaude } from './locate.js'
import { namedMcpServers } from './user-mcp-servers.js'
import { openSession, type Opening } from './open-session.js'
import { probe } from './probe.js'
import { isSurelySignedOut } from './sign-in.js'
import { createSessionFolder, removeSessionFolder } from './session-folder.js'

/** What a driver for Claude Code needs. */
export type ClaudeDriverOptions = {
  watchdog: Watchdog
  clock?: Clock
  /** How long the CLI may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for each session. */
export function createClaudeDriver(options: ClaudeDriverOptions): Driver {
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options }
  return {
    id: 'claude',
    abilities,
    preflight: (environment) => {
      const found = locateClaude(environment)
      if ('failure' in found) return found.failure
      return isSurelySignedOut(environment) ? notSignedIn : undefined
    },
    probe: (environment) => probe({ ...settings, environment }),
    models: (environment) => listModels(settings, environment),
    effort: chooseEffort,
    nativeResume: (sessionId) => ['claude', '--resume', sessionId],
    open: async (spec, sink, signal) => {
      const opening = await open(settings, spec, { sink, signal })
      if (opening.type === 'failed') return opening
      return { type: 'opened', session: opening.session, notes: opening.notes }
    },
  }
}

const abilities: Abilities = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  configure: true,
  usage: true,
}

type Settings = ClaudeDriverOptions & { clock: Clock; deadlineMs: number }
type Owner = { sink: EventSink; signal: AbortSignal }

/** Opens a session that nobody uses: a process says what it can run while it gets ready. */
async function listModels(settings: Settings, environment: SessionSpec['environment']): Promise<ModelList> {
  const unused = { sink: () => undefined, signal: new AbortController().signal }
  const opening = await open(settings, { cwd: homedir(), environment, mcp: 'none' }, unused)
  if (opening.type === 'failed') return opening
  await opening.session.close('graceful')
  return { type: 'listed', models: opening.models }
}

async function open(settings: Settings, spec: SessionSpec, owner: Owner): Promise<Opening> {
  try {
    return await start(settings, spec, owner)
  } catch (cause) {
    return failed(unexpectedFailure(cause))
  }
}

async function start(settings: Settings, spec: SessionSpec, { sink, signal }: Owner): Promise<Opening> {
  const found = locateClaude(spec.environment)
  if ('failure' in found) return failed(found.failure)
  const mcp = typeof spec.mcp === 'string' ? { servers: undefined } : await namedMcpServers(spec.mcp, spec)
  if ('failure' in mcp) return failed(mcp.failure)
  const folder = await createSessionFolder({ systemPrompt: spec.appendSystemPrompt, mcpServers: mcp.servers })
  const process = {
    command: found.command,
    args: argumentsFor(spec, folder),
    environment: environmentFor(spec, folder),
    cwd: spec.cwd,
    watchdog: settings.watchdog,
  }
  try {
    const onGone = () => removeSessionFolder(folder)
    return await openSession({ ...settings, process, handshake: createHandshake(spec), sink, onGone }, signal)
  } catch (cause) {
    removeSessionFolder(folder)
    throw cause
  }
}

function failed(failure: Failure): Opening {
  return { type: 'failed', failure }
}
