import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  ephemeralResumeFailure,
  createRpcRefusalFailure,
  sessionIsOpenFailure,
  type OpenedConversation,
} from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import type { AppServer } from '../server/app-server.js'
import { checkCodexModelAndEffort } from '../launch/choose-model.js'
import { createCodexConversation, type CodexConversation } from './conversation.js'
import { createCodexMcpServerSettings, type CodexMcpServerSettings } from '../launch/mcp-servers.js'
import { findCodexHomeFolder } from '../sign-in.js'
import { readThreadAnswer } from './finish-reset.js'
import { createCodexThreadParams } from '../launch/thread-params.js'

/** Starts, resumes or forks a thread, after it has checked the model, the effort and the MCP servers. Never rejects. */
export async function openThread(
  server: AppServer,
  spec: SessionSpec,
): Promise<OpenedConversation<CodexConversation>> {
  const { resumeSessionId, fork = false, ephemeral = false } = spec
  if (resumeSessionId !== undefined && ephemeral) return failed(ephemeralResumeFailure)
  if (resumeSessionId !== undefined && !fork && server.carries(resumeSessionId))
    return failed(sessionIsOpenFailure)
  const [listed, mcp] = await Promise.all([server.models(), mcpServers(server, spec)])
  if (listed.type === 'failed') return listed
  if ('failure' in mcp) return failed(mcp.failure)
  const choice = checkCodexModelAndEffort(listed.models, spec)
  if ('failure' in choice) return failed(choice.failure)
  const { settings } = choice
  const notes = [...choice.notes, ...createUserRuleFileNotes(spec)]
  const params = createCodexThreadParams(spec, {
    model: settings.model,
    mcpServers: mcp.servers,
    mark: server.mark,
  })
  const read = await requestThread(server, spec, params)
  if ('failure' in read) return failed(read.failure)
  const { outputSchema } = spec
  const beginning = {
    ...{ threadId: read.threadId, threadParams: params, models: listed.models },
    ...{ outputSchema, settings },
  }
  const identity = { sessionId: read.threadId, model: read.model }
  const conversation = createCodexConversation(beginning)
  return { type: 'opened', conversation, identity, notes, ...(ephemeral && { resumable: false }) }
}

type Chosen = { servers: CodexMcpServerSettings | undefined } | { failure: Failure }

async function mcpServers(server: AppServer, spec: SessionSpec): Promise<Chosen> {
  if (spec.mcp === 'inherit' && spec.mcpServers === undefined && !spec.asksAll) return { servers: undefined }
  const answer = await server.request('config/read', { includeLayers: false })
  if (answer.type !== 'result')
    return { failure: createRpcRefusalFailure(codexCli.label, 'read its config', answer) }
  return createCodexMcpServerSettings(spec, answer.result)
}

async function requestThread(
  server: AppServer,
  { resumeSessionId: threadId, fork }: SessionSpec,
  params: object,
) {
  if (threadId === undefined)
    return readThreadAnswer('start a thread', await server.request('thread/start', params))
  const resumed = { ...params, threadId, excludeTurns: true }
  return fork
    ? readThreadAnswer('copy the thread', await server.request('thread/fork', resumed))
    : readThreadAnswer('resume the thread', await server.request('thread/resume', resumed))
}

function failed(failure: Failure): { type: 'failed'; failure: Failure } {
  return { type: 'failed', failure }
}

/** Returns notes on the user's rule files, which may allow what the preset denies. Codex (0.169) always reads them. */
export function createUserRuleFileNotes(spec: SessionSpec): readonly string[] {
  const files = spec.asksAll || spec.permissions === 'read-only' ? ruleFiles(spec) : []
  return files.length > 0 ? [`codex runs unasked what the user's own rules allow: ${files.join(', ')}`] : []
}

/** Returns the user's Codex rule files. Codex does not read those of a project, because it does not trust the project. */
function ruleFiles({ environment }: SessionSpec): readonly string[] {
  const folder = join(findCodexHomeFolder(environment), 'rules')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rules'))
    .map((name) => join(folder, name))
}
