import { SubagentError } from '@subagent-mcp/contract'
import { ownEvents, severities, type Severity } from '@subagent-mcp/mailbox'
import { usualWorker, type Budget } from '@subagent-mcp/worker'
import { basename } from 'node:path'
import { mailName } from '../../mail/mail-name.js'
import { noEmptyFlag, notBeside, noWord, readWords, wrongUse } from '../../terminal/read-words.js'
import type { WorkerOrder } from '../../worker/worker-order.js'
import { defaultTools, permissionModes } from '../../worker/worker-rights.js'
import { providerFlags } from '../provider-flags.js'

/** A worker, and how it is started: `print` runs nothing. */
export type WorkerCall = { order: WorkerOrder; print: boolean; json: boolean }

/** The flags of `worker`. */
export const workerFlags = {
  name: { type: 'string', valueHint: 'name', description: "Who it is; the folder's name without it" },
  ...providerFlags,
  agent: {
    type: 'string',
    valueHint: 'name',
    description: 'A defined agent: subagent-mcp agents lists them',
  },
  'permission-mode': {
    type: 'string',
    valueHint: 'mode',
    description: 'dontAsk (the usual: all else is denied), acceptEdits, default (asks) or bypassPermissions',
  },
  'allowed-tools': {
    type: 'string',
    valueHint: 'rules',
    description: 'All that it may use, with commas between; chat,sync without it',
  },
  'mcp-config': {
    type: 'string',
    valueHint: 'file',
    description: 'MCP servers that it has too, as in .mcp.json',
  },
  'poll-ms': {
    type: 'string',
    valueHint: 'number',
    description: 'How long one call waits for messages; 45000 without it',
  },
  once: { type: 'boolean', description: 'Handle what is there, or comes within --poll-ms, and end' },
  print: { type: 'boolean', description: 'Show what would be launched, and run nothing' },
  session: {
    type: 'string',
    valueHint: 'kind',
    description: 'warm (the usual: the process stays), resume or fresh',
  },
  replicas: {
    type: 'string',
    valueHint: 'number',
    description: 'How many turns may run at once; 1 without it',
  },
  'max-turns': { type: 'string', valueHint: 'number', description: 'Model requests that a turn may take' },
  'budget-usd': { type: 'string', valueHint: 'amount', description: 'What a day may cost; then it rests' },
  'budget-tokens': { type: 'string', valueHint: 'number', description: 'Tokens that a day may take' },
  topics: {
    type: 'string',
    valueHint: 'patterns',
    description:
      'Topics of the events that it gets, with commas between; project:> (those of its project) without it',
  },
  severity: {
    type: 'string',
    valueHint: 'level',
    description: 'From which events wake it: info, low, medium, high (the usual) or critical',
  },
  json: { type: 'boolean', description: 'What it does as JSON, a line each' },
} as const

const usage =
  'subagent-mcp worker [--name <name>] [--provider <name> [--model <name>] | --prefer <name> | --agent <name>] ' +
  '[--permission-mode <mode>] [--allowed-tools <rules>] [--mcp-config <file>] [--session warm|resume|fresh] ' +
  '[--replicas <n>] [--max-turns <n>] [--budget-usd <n>] [--budget-tokens <n>] [--topics <patterns>] ' +
  '[--severity <level>] [--poll-ms <n>] [--once] [--print] [--json]'

/** Reads the words after `worker`. @throws SubagentError */
export function readWorkerCall(words: readonly string[], cwd: string): WorkerCall {
  const { values, positionals } = readWords(words, workerFlags, usage)
  noWord(positionals, usage)
  const { json = false, print = false, once = false, 'allowed-tools': tools, topics, ...texts } = values
  noEmptyFlag(texts, usage)
  const { provider, prefer, model, agent, 'mcp-config': mcpConfig } = texts
  const maxTurns = wholeNumber('max-turns', texts['max-turns'])
  const order: WorkerOrder = {
    name: readName(texts.name, cwd),
    ...(provider !== undefined && { provider }),
    ...(prefer !== undefined && { prefer }),
    ...(model !== undefined && { model }),
    ...(agent !== undefined && { agent }),
    mode: oneOf('permission-mode', texts['permission-mode'], permissionModes) ?? 'dontAsk',
    allowed: tools === undefined ? defaultTools : splitWords(tools),
    ...(mcpConfig !== undefined && { mcpConfig }),
    session: oneOf('session', texts.session, sessions) ?? usualWorker.session,
    pollMs: wholeNumber('poll-ms', texts['poll-ms'], pollRange) ?? usualWorker.pollMs,
    once,
    replicas: wholeNumber('replicas', texts.replicas, { least: 1, most: 100 }) ?? 1,
    ...(maxTurns !== undefined && { maxTurns }),
    budget: readBudget(texts),
    topics: topics === undefined ? [ownEvents] : splitWords(topics),
    severity: oneOf('severity', texts.severity, severities) ?? usualSeverity,
  }
  checkOrder(order)
  return { order, print, json }
}

const sessions = ['warm', 'resume', 'fresh'] as const
const usualSeverity: Severity = 'high'
const pollRange = { least: 100, most: 3_600_000 }

function readName(text: string | undefined, cwd: string): string {
  if (text === undefined) return mailName(basename(cwd))
  const name = mailName(text)
  if (name === text) return text
  throw wrongUse(`--name '${text}' is no name: take '${name}'`, usage)
}

/** Words with commas between; commas inside of parentheses are part of a rule. */
function splitWords(text: string): string[] {
  const rules = text.split(/,(?![^(]*\))/).map((rule) => rule.trim())
  return [...new Set(rules.filter((rule) => rule !== ''))]
}

function oneOf<const Word extends string>(
  flag: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  const hint = otherModes[text]
  if (flag === 'permission-mode' && hint !== undefined) throw wrongUse(`--${flag} ${text}: ${hint}`, usage)
  throw wrongUse(`--${flag} is one of ${words.join(', ')}, not '${text}'`, usage)
}

const otherModes: Readonly<Record<string, string>> = {
  plan: 'nobody is there to read a plan; dontAsk keeps it from changing anything',
  auto: 'it leaves to a model what is allowed; dontAsk and --allowed-tools say it',
}

type Range = { least: number; most: number }

function wholeNumber(
  flag: string,
  text: string | undefined,
  { least, most }: Range = { least: 1, most: 1_000_000_000 },
): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,12}$/.test(text) ? Number(text) : NaN
  if (number >= least && number <= most) return number
  throw wrongUse(`--${flag} takes a whole number from ${least} to ${most}, not '${text}'`, usage)
}

function readBudget(texts: { 'budget-usd'?: string; 'budget-tokens'?: string }): Budget {
  const tokens = wholeNumber('budget-tokens', texts['budget-tokens'])
  const amount = texts['budget-usd']
  const usd = amount !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(amount) ? Number(amount) : undefined
  if (amount !== undefined && !(usd !== undefined && usd > 0))
    throw wrongUse(`--budget-usd takes an amount above 0, as 2.50, not '${amount}'`, usage)
  return { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) }
}

/** What the daemon would refuse with the first message, and not before. */
function checkOrder({ agent, provider, prefer, model, mode }: WorkerOrder): void {
  if (prefer !== undefined) notBeside('prefer', { provider, model, agent }, usage)
  if (model !== undefined && provider === undefined)
    throw new SubagentError('model-without-provider', '--model needs --provider', { hint: usage })
  if (agent === undefined) return
  if (provider !== undefined) throw wrongUse('--provider beside --agent: its definition says it', usage)
  if (mode === 'acceptEdits' || mode === 'bypassPermissions')
    throw wrongUse(`--permission-mode ${mode} beside --agent: its definition says it`, usage)
}
