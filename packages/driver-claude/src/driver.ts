import {
  systemClock,
  type Abilities,
  type Clock,
  type Driver,
  type EventSink,
  type Failure,
  type OpenOutcome,
  type SessionSpec,
} from '@subagent-mcp/contract'
import type { Watchdog } from '@subagent-mcp/driver-kit'
import { argumentsFor, environmentFor } from './arguments.js'
import { notSignedIn } from './classify.js'
import { locate } from './locate.js'
import { namedMcpServers } from './user-mcp-servers.js'
import { openSession } from './open-session.js'
import { probe } from './probe.js'
import { isSurelySignedOut } from './sign-in.js'
import { createSessionFolder, removeSessionFolder } from './session-folder.js'

/** What a driver for Claude Code needs. */
export type ClaudeDriverOptions = {
  watchdog: Watchdog
  /** The CLI's path, when it is not to be looked for. */
  executable?: string
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
      const found = locate(settings.executable, environment)
      if ('failure' in found) return found.failure
      return isSurelySignedOut(environment) ? notSignedIn : undefined
    },
    probe: (environment) => probe({ ...settings, environment }),
    open: async (spec, sink, signal) => {
      try {
        return await open(settings, spec, { sink, signal })
      } catch (cause) {
        // A folder that cannot be written, a model's name with a NUL in it.
        return failed({
          reason: 'unknown',
          message: cause instanceof Error ? cause.message : String(cause),
        })
      }
    },
  }
}

const abilities: Abilities = {
  resume: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  configure: true,
  usage: true,
}

type Settings = ClaudeDriverOptions & { clock: Clock; deadlineMs: number }
type Owner = { sink: EventSink; signal: AbortSignal }

async function open(settings: Settings, spec: SessionSpec, { sink, signal }: Owner): Promise<OpenOutcome> {
  const found = locate(settings.executable, spec.environment)
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
    return await openSession({ ...settings, process, sink, onGone }, signal)
  } catch (cause) {
    removeSessionFolder(folder)
    throw cause
  }
}

function failed(failure: Failure): OpenOutcome {
  return { type: 'failed', failure }
}
