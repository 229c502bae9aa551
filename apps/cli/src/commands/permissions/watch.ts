import { knownFacts } from '../../terminal/agent-facts.js'
import { SubagentError } from '@subagent-mcp/contract'
import type { PendingQuestion } from '@subagent-mcp/api'
import { visibleText } from '@subagent-mcp/mcp-server'
import { exitCode } from '../../exit.js'
import { askQuestions, type Questions } from '../../terminal/questions/ask-questions.js'
import { askedQuestion } from '../../terminal/questions/question-facts.js'
import type { Desk } from '../../terminal/command-context.js'
import { isQuestion, type AskedFact } from '../../terminal/questions/is-question.js'
import { shortPath } from '../../terminal/short-path.js'
import { endText, questionHead, tellQuestions } from './question-lines.js'

/** Shows the questions of agents as they come, and asks whoever is there, until Ctrl-C or the daemon's end. */
export async function watchPermissions({ json }: { json: boolean }, desk: Desk): Promise<number> {
  const { terminal } = desk
  const stop = new AbortController()
  const unlisten = terminal.onInterrupt(() => {
    stop.abort()
  })
  const asks = !json && terminal.ask !== undefined && terminal.stdout.size() !== undefined
  const questions = asks ? askAll(desk) : tellQuestions(json, terminal)
  try {
    await follow(questions, desk, stop.signal)
    if (!stop.signal.aborted) throw new SubagentError('daemon-unreachable', 'the daemon has ended')
    return exitCode.interrupted
  } catch (error) {
    if (stop.signal.aborted) return exitCode.interrupted
    throw error
  } finally {
    stop.abort()
    unlisten()
    questions.close()
  }
}

/** Those that are asked already come from the daemon, also when it was away; later ones from their facts. */
async function follow(
  questions: Questions<PendingQuestion>,
  { client, terminal }: Desk,
  signal: AbortSignal,
): Promise<void> {
  const { stderr } = terminal
  const looks = lookWith(async () => {
    for (const question of await client.permissions()) questions.put(question)
  })
  await stderr.print(`${stderr.paint('dim', 'watching; Ctrl-C ends this and answers nothing')}\n`)
  const hearAll = async (): Promise<void> => {
    for await (const { fact } of knownFacts(client, { signal, onConnected: looks.begin })) {
      await looks.done()
      const asked = isQuestion(fact) && (await questionOf(fact, client))
      if (asked) questions.put(asked)
      questions.hear(fact)
      // It may have been parked, under another id.
      if (fact.type === 'question-expired') looks.begin()
    }
  }
  // What was asked before is there once facts come: none is lost between, and none may ever come.
  await Promise.race([hearAll(), looks.failed])
}

/** Looks one after another; `failed` rejects once one has. */
function lookWith(look: () => Promise<void>) {
  let looking = Promise.resolve()
  let fail: (reason: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => (fail = reject))
  return {
    failed,
    begin: () => {
      looking = looking.then(look)
      looking.catch(fail)
    },
    done: () => looking,
  }
}

/** Nothing of an agent that is forgotten by now. */
async function questionOf(fact: AskedFact, client: Desk['client']): Promise<PendingQuestion | undefined> {
  const agent = (await client.agents()).find(({ id }) => id === fact.agentId)
  if (!agent) return undefined
  const { name, provider, cwd, project } = agent
  return { ...askedQuestion(fact), ...(name !== undefined && { name }), provider, cwd, project }
}

function askAll(desk: Desk): Questions<PendingQuestion> {
  const { home } = desk.terminal
  return askQuestions<PendingQuestion>(
    {
      head: (question) => {
        const { provider, cwd } = question
        return `${questionHead(question)} (${provider}, in ${visibleText(shortPath(cwd, home), 200)}) `
      },
      takenBack: (question, end) => `${endText(question, end)}\n`,
      unanswered: 'leave',
    },
    desk,
  )
}
