import type { HostSessionThread, HostMessageQueue } from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  fillDriverSettings,
  createCliExitFailure,
  locateCliExecutable,
  runTimedCommand,
  type DriverOptions,
  type DriverSettings,
} from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import { codexCli } from './codex-cli.js'
import { startAppServer } from './server/app-server.js'
import { findNativeCodex } from './server/native-executable.js'

/** Creates the queue of the sessions that a user has open in Codex. Each call runs a process of Codex. */
export function createCodexMessageQueue(options: DriverOptions): HostMessageQueue {
  const { settings } = fillDriverSettings(options)
  return {
    add: (session, text) => add(settings, session, text),
    remove: (session, id) => remove(settings, session, id),
  }
}

async function add(
  settings: DriverSettings,
  { thread, environment }: HostSessionThread,
  text: string,
): ReturnType<HostMessageQueue['add']> {
  const found = locateCliExecutable(codexCli, environment)
  if ('failure' in found) return found
  const { exit, output } = await runTimedCommand({
    ...settings,
    command: findNativeCodex(found.command),
    args: ['queue', '--thread', thread, '--message', text],
    environment: buildChildEnvironment(environment),
  })
  if (exit.code !== 0) return { type: 'failed', failure: createCliExitFailure(codexCli, exit) }
  const [, id] = /\bmessage ([\da-f-]{36})\b/.exec(output) ?? []
  return { type: 'queued', ...(id !== undefined && { id }) }
}

/** `codex queue` only adds, so the message is removed by a request to an app server, which reads the same queue. */
async function remove(
  settings: DriverSettings,
  { thread, environment }: HostSessionThread,
  id: string,
): Promise<boolean> {
  const found = locateCliExecutable(codexCli, environment)
  if ('failure' in found) return false
  const launch = {
    command: findNativeCodex(found.command),
    environment: buildChildEnvironment(environment),
    processKey: undefined,
  }
  const started = await startAppServer(launch, settings, new AbortController().signal)
  if (started.type === 'failed') return false
  const { process } = started
  const params = { threadId: thread, queuedSubmissionId: id }
  const answer = await process.request('thread/queue/delete', params)
  await process.stop('graceful')
  return answer.type === 'result' && (Removal.safeParse(answer.result).data?.deleted ?? false)
}

const Removal = z.looseObject({ deleted: z.boolean() })
