import type { PendingPermissionRequest } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { streamKnownFacts } from '../../terminal/known-facts.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { formatShortPath } from '../../terminal/format.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import { printRemarks } from '../../terminal/print.js'
import { askForPermissions, type PermissionRequestQueue } from '../../terminal/questions/ask-questions.js'
import {
  asksPermission,
  readAskedPermissionRequest,
  type PermissionAskedFact,
} from '../../terminal/questions/question-facts.js'
import {
  describePermissionEnd,
  createPermissionRequestPrinter,
  formatPermissionRequestLabel,
} from './permission-request-lines.js'

/** Asks the person for agents' permissions until Ctrl-C; prints lines in a pipe. @throws SubagentError when the daemon ends */
export async function watchPermissionRequests(json: boolean, context: CommandContext): Promise<number> {
  const { terminal } = context
  const asks = !json && terminal.ask !== undefined && terminal.stdout.size() !== undefined
  const questions = asks ? askAll(context) : createPermissionRequestPrinter(json, terminal)
  try {
    return await runUntilCtrlC(terminal, async (signal) => {
      await follow(questions, context, signal)
      throw new SubagentError('daemon-unreachable', 'the daemon has ended')
    })
  } finally {
    questions.close()
  }
}

/** Adds the open permission requests after each connection to the daemon, and later requests when the daemon reports them. */
async function follow(
  questions: PermissionRequestQueue<PendingPermissionRequest>,
  { client, terminal }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const open = inSequence(async () => {
    for (const question of await client.permissions()) questions.add(question)
  })
  await printRemarks(terminal, ['watching; Ctrl-C ends this and answers nothing'])
  const followFacts = async (): Promise<void> => {
    for await (const { fact } of streamKnownFacts(client, { signal, onConnected: open.begin })) {
      await open.done()
      const asked = asksPermission(fact) && (await pendingQuestion(fact, client))
      if (asked) questions.add(asked)
      questions.update(fact)
      // An expired permission request may stay open under another id.
      if (fact.type === 'question-expired') open.begin()
    }
  }
  // Read after the stream of facts is connected, so that no permission request is missed. The first fact may never come.
  await Promise.race([followFacts(), open.failed])
}

/** Returns `begin`, which runs an action after its earlier runs have ended, and `failed`, which rejects when a run fails. */
function inSequence(act: () => Promise<void>) {
  let acting = Promise.resolve()
  let fail: (reason: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => (fail = reject))
  return {
    failed,
    begin: () => {
      acting = acting.then(act)
      acting.catch(fail)
    },
    done: () => acting,
  }
}

/** Returns the permission request in a fact with details of its agent; `undefined` if the agent was removed since. */
async function pendingQuestion(
  fact: PermissionAskedFact,
  client: CommandContext['client'],
): Promise<PendingPermissionRequest | undefined> {
  const agent = (await client.agents()).find(({ id }) => id === fact.agentId)
  if (!agent) return undefined
  const { name, provider, cwd, project } = agent
  return { ...readAskedPermissionRequest(fact), ...(name !== undefined && { name }), provider, cwd, project }
}

function askAll(context: CommandContext): PermissionRequestQueue<PendingPermissionRequest> {
  const { home } = context.terminal
  return askForPermissions<PendingPermissionRequest>(
    {
      head: (question) => {
        const { provider, cwd } = question
        return `${formatPermissionRequestLabel(question)} (${provider}, in ${revealInvisibleCharacters(formatShortPath(cwd, home), 200)}) `
      },
      withdrawn: (question, end) => `${describePermissionEnd(question, end)}\n`,
      unanswered: 'leave',
    },
    context,
  )
}
