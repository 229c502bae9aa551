import type { StartedTask } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { resolve } from 'node:path'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { joinedText, text, timeSpan, toggle } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { readText } from '../../terminal/read-text.js'
import { cwdFlag } from '../cwd-flag.js'
import { type Begun, stayWithAgent } from './stay-with-agent.js'

/** In seconds: the daemon takes a week at most. */
const longestTask = 604_800

/** How `invoke` is called. */
export const invokeSpec = commandSpec({
  description: 'Let a defined agent do one task in a warm process, and print its answer',
  details: [
    'Ctrl-C interrupts the task, a second one kills the process. If the command ends in another way, by a signal or a ' +
      'closed pipe, the task continues, and subagent-mcp wait has its answer.',
    'It asks you for permissions on a terminal; elsewhere they are left to others.',
    'Exits 0 if it finished, 3 if it failed, 4 if it asks for a permission, 124 if the time is over.',
  ],
  words: {
    agent: text('agent', 'Name of the agent, as subagent-mcp agents lists it'),
    task: joinedText('The task; without it, or as -, it is read from stdin'),
  },
  flags: {
    timeout: timeSpan("Time for the task, as in 90s or 15m, at most 7d (default: the definition's own)")
      .refine((seconds) => seconds > 0 && seconds <= longestTask, 'takes a time above 0 and up to 7d')
      .exactOptional(),
    cwd: cwdFlag,
    json: toggle('Print the agent and its answer as JSON when it is done'),
  },
})

/** Lets a warm agent do one task. */
export const invoke = defineCommand(invokeSpec, (args) => atTerminal((desk) => invokeTask(args, desk)))

/**
 * Lets a warm agent do a task, shows its progress, and prints its answer. If the command ends without having interrupted
 * the task, the task continues.
 */
export async function invokeTask(args: ArgsOf<typeof invokeSpec>, desk: Desk): Promise<number> {
  const { agent, timeout: timeoutSeconds, cwd = '.', json } = args
  const { client, terminal } = desk
  const task = await readText({ text: args.task, name: 'task' }, terminal)
  const body = {
    agent,
    task,
    attended: terminal.ask !== undefined,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  }
  const hangUp = new AbortController()
  const launch = async (): Promise<Begun> =>
    beginTask(await client.startTask(body, hangUp.signal), task, client)
  try {
    return await stayWithAgent({ kind: 'task', json, launch }, desk)
  } finally {
    hangUp.abort()
  }
}

async function beginTask(
  { over, ...launched }: StartedTask,
  prompt: string,
  client: Desk['client'],
): Promise<Begun> {
  const result = over.then(({ agent, answer = '' }) => ({ agent, prompt, said: answer }))
  // It is heard where it is awaited, if it is not too late.
  result.catch(() => undefined)
  const { agent } = await client.agent(launched.id).catch((error: unknown) => {
    if (isUnknownAgent(error)) return result
    throw error
  })
  return { ...launched, agent, result }
}

/** One that was over at once is forgotten by now. */
function isUnknownAgent(error: unknown): boolean {
  return error instanceof SubagentError && error.code === 'unknown-agent'
}
