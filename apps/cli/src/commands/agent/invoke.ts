import { longestTaskSeconds } from '@subagent-mcp/api'
import type { StartedDaemonTask } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import {
  cwdFlag,
  fileFlag,
  joinedWordsArgSchema,
  textArgSchema,
  timeSpanArgSchema,
  booleanArgSchema,
} from '../../command/arg-schemas.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { describeTerminalCaller, resolveTypedFiles } from '../../terminal/person.js'
import { outputSchemaFlag, readOutputSchema } from '../../terminal/output-schema-flag.js'
import { type LaunchedAgentOrTask, launchAndFollow } from './launch-and-follow.js'

/** Lets a defined agent do one task, and prints its answer. If the command ends without interrupting it, the task continues. */
export const invokeCommand = defineDaemonCommand(
  {
    description: 'Give one task to an agent that a file defines and a process keeps ready; print the answer',
    details: [
      'Ctrl-C interrupts the task, a second one kills the process. If the command ends in another way, by a signal or a ' +
        'closed pipe, the task continues, and subagent-mcp wait has its answer.',
      'On a terminal you are asked for permissions; elsewhere requests wait, and subagent-mcp permissions lists them.',
      'Exits 0 if the agent finished, 3 if it failed, 4 if it asks for a permission, 124 if the time is over.',
    ],
    examples: [
      'invoke reviewer "review the staged changes"',
      'invoke reviewer "check the last commit" --timeout 10m',
    ],
    words: {
      agent: textArgSchema('agent', 'Name of the defined agent, as subagent-mcp agents lists it', {
        names: 'definitions',
      }),
      task: joinedWordsArgSchema('The task for the agent; read from stdin if it is left out or is -'),
    },
    flags: {
      file: fileFlag,
      timeout: timeSpanArgSchema(
        'Stop the task after this time, as in 90s or 15m, at most 7d (default: as defined)',
      )
        .refine(
          (seconds) => seconds > 0 && seconds <= longestTaskSeconds,
          'takes a time above 0 and up to 7d',
        )
        .exactOptional(),
      outputSchema: outputSchemaFlag,
      cwd: cwdFlag,
      json: booleanArgSchema('Print the agent and its answer as JSON when it is done'),
    },
  },
  async ({ agent, task: typed, file, timeout: timeoutSeconds, outputSchema, cwd, json }, context) => {
    const { client, terminal } = context
    const task = await readTextArgument({ text: typed, name: 'task' }, terminal)
    const body = {
      ...{ agent, task, attended: terminal.ask !== undefined },
      ...resolveTypedFiles(file, terminal),
      ...describeTerminalCaller(cwd, terminal),
      pid: process.pid,
      ...(outputSchema !== undefined && { outputSchema: readOutputSchema(outputSchema) }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    }
    const hangUp = new AbortController()
    const launch = async (): Promise<LaunchedAgentOrTask> =>
      followTask(await client.startTask(body, hangUp.signal), task, client)
    try {
      return await launchAndFollow({ kind: 'task', json, launch }, context)
    } finally {
      hangUp.abort()
    }
  },
)

async function followTask(
  { over, ...launched }: StartedDaemonTask,
  prompt: string,
  client: CommandContext['client'],
): Promise<LaunchedAgentOrTask> {
  const result = over.then(({ agent, answer = '' }) => ({ agent, prompt, said: answer }))
  // Prevents an unhandled rejection: the result is awaited later.
  result.catch(() => undefined)
  const { agent } = await client.agent(launched.id).catch((error: unknown) => {
    // A task that ended immediately has been removed by now.
    if (error instanceof SubagentError && error.code === 'unknown-agent') return result
    throw error
  })
  return { ...launched, agent, result }
}
