import type { Fact } from '@subagent-mcp/core'
import { streamKnownFacts, mayFactEndAgentTurn } from '../../terminal/known-facts.js'
import { isAgentBusy } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { askForPermissions, type AskingStyle } from '../../terminal/questions/ask-questions.js'
import { asksPermission, readAskedPermissionRequest } from '../../terminal/questions/question-facts.js'
import type { ShownRequest } from '../../terminal/questions/question-text.js'
import { paintNothing } from '../../terminal/paint.js'
import type { Terminal } from '../../terminal/terminal.js'
import { createTranscriptPrinter, type TranscriptPrinter } from '../../terminal/transcript/printer.js'

/**
 * Options for printing an agent: whether text of the model goes to stdout, and what happens to a permission request if no person is
 * at the terminal. A task has a `result`, which arrives separately from its facts. After the result the task is deleted.
 */
export type StreamAgentOptions = {
  text: boolean
  unasked: 'deny' | 'leave'
  result?: Promise<unknown> | undefined
}

/** Milliseconds to wait for an agent's last facts after the result of its task. */
const lastWords = 500

/**
 * Prints the output of a launched agent and asks the person for permissions, until the agent's turn has ended or a request is left
 * to others.
 */
export async function printAgentStream(
  agentId: string,
  options: StreamAgentOptions,
  context: CommandContext,
): Promise<void> {
  const stop = new AbortController()
  const printer = printerOn(context.terminal, options)
  const questions = askForPermissions(askStyle, context)
  const cancelEnd = stopAfter(options.result, stop)
  try {
    for await (const { fact } of streamKnownFacts(context.client, {
      agentId,
      after: 0,
      signal: stop.signal,
    })) {
      // A permission request that another caller answered is withdrawn before its answer is printed.
      questions.update(fact)
      const isOver = await isFinished(fact, { agentId, options }, context)
      // The command itself shows the launch, each question and the outcome, so the transcript leaves them out.
      if (fact.type === 'launch-requested' || asksPermission(fact)) printer.skip(fact)
      else await printer.print(fact, isOver ? 'turn-ended' : undefined)
      if (asksPermission(fact)) await printer.endLine()
      if (isOver) break
      if (asksPermission(fact)) questions.add(readAskedPermissionRequest(fact))
    }
  } finally {
    cancelEnd()
    stop.abort()
    questions.close()
    await printer.endLine()
  }
}

/** Texts around a permission request: none, because only one agent asks, and its transcript shows how a request ended. */
const askStyle: AskingStyle<ShownRequest> = { head: () => '', withdrawn: () => '', unanswered: 'deny' }

/** Stops printing a task 500 ms after its result, because its last events may never arrive once it was removed. */
function stopAfter(result: StreamAgentOptions['result'], stop: AbortController): () => void {
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    timer = stop.signal.aborted ? undefined : setTimeout(() => stop.abort(), lastWords)
  }
  result?.then(end, end)
  return () => {
    clearTimeout(timer)
  }
}

type Streamed = { agentId: string; options: StreamAgentOptions }

async function isFinished(
  fact: Fact,
  { agentId, options }: Streamed,
  { client, terminal }: CommandContext,
): Promise<boolean> {
  const isStillInFile = asksPermission(fact) && options.unasked === 'leave' && !terminal.ask
  if (!isStillInFile && !mayFactEndAgentTurn(fact)) return false
  // A task of a pooled agent has one turn; after it the daemon may no longer know the agent.
  if (options.result) return true
  const { agent } = await client.agent(agentId)
  return !isAgentBusy(agent) || (isStillInFile && agent.status === 'permission_requested')
}

/** Prints text of the model on stdout or nowhere, everything else on stderr. On a terminal, tool calls are folded. */
function printerOn({ stdout, stderr, home }: Terminal, { text }: StreamAgentOptions): TranscriptPrinter {
  const together = stdout.size() !== undefined && stderr.size() !== undefined
  const foldTo = stderr.paint === paintNothing ? undefined : stderr.size()?.columns
  const style = { paint: stderr.paint, stamp: () => '', together, foldTo }
  return createTranscriptPrinter({ text: text ? stdout : undefined, talk: stderr, home, style })
}
