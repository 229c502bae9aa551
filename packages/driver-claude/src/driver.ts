import {
  type DriverAbilities,
  omitUndefined,
  type Driver,
  type CliModelList,
  type SessionSpec,
} from '@subagent-mcp/contract'
import {
  fillDriverSettings,
  findCliPreflightFailure,
  computeCliStamp,
  locateCliExecutable,
  removeFolderIfPossible,
  createExceptionFailure,
  type DriverOptions,
  type DriverSettings,
  type SessionOwner,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { claudeCli } from './claude-cli.js'
import { buildClaudeArguments, buildClaudeEnvironment, buildClaudeSettings } from './launch/arguments.js'
import { checkClaudeEffort } from './launch/effort.js'
import { createSessionFolder } from './launch/session-folder.js'
import { checkClaudeToolChoice, createUnavailableToolNotes } from './launch/tools.js'
import { findSessionMcpServers, separateLocalMcpServers } from './launch/user-mcp-servers.js'
import { isClaudeSignedOut, probeClaude, signInVariablePattern } from './probe.js'
import { readClaudeProject } from './project/read-project.js'
import { claudeAcceptsSchema } from './launch/output-schema.js'
import { createClaudeHandshake } from './session/handshake.js'
import { openClaudeSession, type ClaudeOpenOutcome } from './session/open-session.js'
import { createSessionFileCleaner } from './session/session-file-cleaner.js'

export function createClaudeDriver(options: DriverOptions = {}): Driver {
  const { settings, closing } = fillDriverSettings(options)
  return {
    id: 'claude',
    abilities,
    takesSchema: claudeAcceptsSchema,
    preflight: (environment) => findCliPreflightFailure(claudeCli, environment, isClaudeSignedOut),
    account: { variable: 'CLAUDE_CONFIG_DIR', signIn: signInVariablePattern },
    installation: (environment) => computeCliStamp(claudeCli, environment),
    probe: (environment) => probeClaude(settings, environment),
    models: (environment) => listModels(settings, environment),
    effort: checkClaudeEffort,
    nativeResume: (sessionId) => ['claude', '--resume', sessionId],
    open: async (spec, sink, signal) => {
      const opening = await open(settings, spec, { sink, signal })
      if (opening.type === 'failed') return opening
      const { session, notes, pid } = opening
      return {
        ...{ type: 'opened', session, notes: [...notes, ...createUnavailableToolNotes(spec)] },
        ...(spec.ephemeral && { resumable: false }),
        ...omitUndefined({ pid }),
      }
    },
    ...closing,
  }
}

const abilities: DriverAbilities = {
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
  costs: true,
}

/** Opens a session without prompts, because Claude lists its models in the handshake. */
async function listModels(
  settings: DriverSettings,
  environment: SessionSpec['environment'],
): Promise<CliModelList> {
  const unused = { sink: () => undefined, signal: new AbortController().signal }
  const opening = await open(settings, { cwd: homedir(), environment, mcp: 'none' }, unused)
  if (opening.type === 'failed') return opening
  await opening.session.close('graceful')
  return { type: 'listed', models: opening.models }
}

async function open(
  settings: DriverSettings,
  spec: SessionSpec,
  owner: SessionOwner,
): Promise<ClaudeOpenOutcome> {
  try {
    return await start(settings, spec, owner)
  } catch (cause) {
    return { type: 'failed', failure: createExceptionFailure(cause) }
  }
}

async function start(
  settings: DriverSettings,
  spec: SessionSpec,
  owner: SessionOwner,
): Promise<ClaudeOpenOutcome> {
  const found = locateCliExecutable(claudeCli, spec.environment)
  if ('failure' in found) return found
  const refused = checkClaudeToolChoice(spec)
  if (refused !== undefined) return { type: 'failed', failure: refused }
  const mcp = await findSessionMcpServers(spec)
  if ('failure' in mcp) return { type: 'failed', failure: mcp.failure }
  const { local, entries } = separateLocalMcpServers(mcp.servers, spec.findLocalMcpServer)
  const project = readClaudeProject(spec)
  const folder = await createSessionFolder({
    settings: buildClaudeSettings(spec, project),
    systemPrompt: [spec.appendSystemPrompt, project.skills].filter(Boolean).join('\n\n') || undefined,
    mcpServers: entries,
    agents: project.agents,
  })
  const traces = createSessionFileCleaner(spec, folder)
  const remove = () => {
    traces.remove()
    removeFolderIfPossible(folder.path)
  }
  try {
    const opening = await openClaudeSession({
      ...settings,
      process: {
        command: found.command,
        args: buildClaudeArguments(spec, folder, project),
        environment: buildClaudeEnvironment(spec, folder),
        cwd: spec.cwd,
        watchdog: settings.watchdog,
      },
      handshake: createClaudeHandshake(spec),
      mcpServers: local,
      signal: owner.signal,
      sink: (event) => {
        traces.onEvent(event)
        owner.sink(event)
      },
      onGone: remove,
    })
    return opening.type === 'opened' ? { ...opening, notes: [...opening.notes, ...project.notes] } : opening
  } catch (cause) {
    remove()
    throw cause
  }
}
