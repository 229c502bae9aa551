import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { maskSecrets } from '@subagent-mcp/permissions'
import { planWorker, type WorkerPlan } from '@subagent-mcp/runtime'
import { buildWorkerPrompt } from '@subagent-mcp/worker'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { printResult } from '../../terminal/print.js'
import { formatSafeJson, escapeForTerminal } from '../../terminal/text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { createConfiguredDrivers } from '../../drivers.js'
import { getSessionMcpServer } from '../../worker/session-server.js'
import { readUserConfig } from '../../settings/config.js'
import type { NamedWorkerSettings } from './worker-args.js'

/** Prints what a worker would launch with the first message, and launches nothing. Its environment is not printed. */
export async function printWorker(
  settings: NamedWorkerSettings,
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const { cwd, environment, now } = terminal
  const { launch, rights } = planWorker(settings, {
    ...{ folder: cwd, environment: selectDefinedVariables(environment), pid: process.pid },
    ...{ server: getSessionMcpServer(environment), drivers: createConfiguredDrivers(environment) },
    isShared: readUserConfig(environment).mailbox.url !== undefined,
  })
  const prompt = promptFrame(settings.name, rights, now())
  const data = { worker: masked(settings), launch: masked(launch), prompt: maskSecrets(prompt) }
  return printResult(terminal, json, { text: asText(settings.name, data), data })
}

type Shown = { worker: unknown; launch: unknown; prompt: string }

/** Masks secrets in each string of a value, so that its JSON stays valid. The name of a field may show that its text is secret. */
function masked(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    const own = maskSecrets(value)
    return own === value && maskSecrets(`"${name}": "${value}"`).includes('[masked]') ? '[masked]' : own
  }
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]))
}

function asText(name: string, { worker, launch, prompt }: Shown): string {
  return [
    `worker ${name}: nothing was started`,
    `\nThe worker:\n${formatSafeJson(worker, 2)}`,
    `\nEach session is launched with:\n${formatSafeJson(launch, 2)}`,
    `\nThe prompt of a turn:\n${escapeForTerminal(prompt)}`,
  ].join('\n')
}

/** Builds the prompt for one message, with placeholders for its text and its sender. */
function promptFrame(name: string, rights: WorkerPlan['rights'], now: number): string {
  const message: MailboxMessage = {
    id: '<id>',
    seq: 1,
    thread: '<thread>',
    kind: 'direct',
    from: { name: '<sender>', host: '<host>', through: 'agent' },
    to: name,
    body: '<the message>',
    sentAt: now,
    expectsReply: true,
    status: 'held',
    tries: 0,
  }
  return buildWorkerPrompt({ name, tools: rights.said, messages: [message], earlier: [], now })
}
