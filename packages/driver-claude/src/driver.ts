import {
  type Abilities,
  type Clock,
  defined,
  type Driver,
  type EventSink,
  type Failure,
  type ModelList,
  type SessionSpec,
  systemClock,
} from '@subagent-mcp/contract'
import { fileStamp, unexpectedFailure, watchdogFor, type Watchdog } from '@subagent-mcp/driver-kit'
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { argumentsFor, environmentFor, settingsFor } from './launch/arguments.js'
import { notSignedIn } from './classify.js'
import { chooseEffort } from './launch/effort.js'
import { createHandshake } from './session/handshake.js'
import { locateClaude } from './locate.js'
import { mcpServersOf } from './launch/user-mcp-servers.js'
import { openSession, type Opening } from './session/open-session.js'
import { probe } from './probe.js'
import { readProject, type Project } from './project/read-project.js'
import { isSurelySignedOut } from './sign-in.js'
import { createSessionFolder, removeSessionFolder, type SessionFolder } from './launch/session-folder.js'
import { followTraces } from './session/session-traces.js'
import { refusedChoice, toolNotes } from './launch/tools.js'

/** What a driver for Claude Code needs. */
export type ClaudeDriverOptions = {
  /** Kills the CLI's processes when this process dies. Default: one of the driver's own, ended by `close`. */
  watchdog?: Watchdog
  clock?: Clock
  /** How long the CLI may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for each session. */
export function createClaudeDriver(options: ClaudeDriverOptions = {}): Driver {
  const { watchdog, ...closing } = watchdogFor(options.watchdog)
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options, watchdog }
  return {
    id: 'claude',
    abilities,
    preflight: (environment) => {
      const found = locateClaude(environment)
      if ('failure' in found) return found.failure
      return isSurelySignedOut(environment) ? notSignedIn : undefined
    },
    installation,
    probe: (environment) => probe({ ...settings, environment }),
    models: (environment) => listModels(settings, environment),
    effort: chooseEffort,
    nativeResume: (sessionId) => ['claude', '--resume', sessionId],
    open: async (spec, sink, signal) => {
      const opening = await open(settings, spec, { sink, signal })
      if (opening.type === 'failed') return opening
      const { session, notes, pid } = opening
      return {
        ...{ type: 'opened', session, notes: [...notes, ...toolNotes(spec)] },
        ...(spec.ephemeral && { resumable: false }),
        ...defined({ pid }),
      }
    },
    ...closing,
  }
}

const abilities: Abilities = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  rewind: true,
  toolChoice: true,
  maxTurns: true,
  ownMcpServers: true,
  confines: false,
  configure: true,
  usage: true,
}

type Settings = Required<ClaudeDriverOptions>
type Owner = { sink: EventSink; signal: AbortSignal }

/** The executable itself, wherever links lead to it from. */
function installation(environment: SessionSpec['environment']): string | undefined {
  const found = locateClaude(environment)
  if ('failure' in found) return undefined
  try {
    return fileStamp(realpathSync(found.command))
  } catch {
    // It went meanwhile, or a link leads nowhere.
    return undefined
  }
}

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

async function start(settings: Settings, spec: SessionSpec, owner: Owner): Promise<Opening> {
  const found = locateClaude(spec.environment)
  if ('failure' in found) return failed(found.failure)
  const refused = refusedChoice(spec)
  if (refused !== undefined) return failed(refused)
  const mcp = await mcpServersOf(spec)
  if ('failure' in mcp) return failed(mcp.failure)
  const project = readProject(spec)
  const folder = await createSessionFolder({
    settings: settingsFor(spec, project),
    systemPrompt: [spec.appendSystemPrompt, project.skills].filter(Boolean).join('\n\n') || undefined,
    mcpServers: mcp.servers,
    agents: project.agents,
  })
  try {
    const opening = await startIn(folder, { settings, spec, project, command: found.command, owner })
    return opening.type === 'opened' ? { ...opening, notes: [...opening.notes, ...project.notes] } : opening
  } catch (cause) {
    removeSessionFolder(folder)
    throw cause
  }
}

type Starting = { settings: Settings; spec: SessionSpec; project: Project; command: string; owner: Owner }

function startIn(folder: SessionFolder, starting: Starting): Promise<Opening> {
  const { settings, spec, project, command, owner } = starting
  const traces = followTraces(spec, folder)
  const process = {
    command,
    args: argumentsFor(spec, folder, project),
    environment: environmentFor(spec, folder),
    cwd: spec.cwd,
    watchdog: settings.watchdog,
  }
  const sink: EventSink = (event) => {
    traces.follow(event)
    owner.sink(event)
  }
  const onGone = () => {
    traces.remove()
    removeSessionFolder(folder)
  }
  return openSession({ ...settings, process, handshake: createHandshake(spec), sink, onGone }, owner.signal)
}

function failed(failure: Failure): Opening {
  return { type: 'failed', failure }
}
