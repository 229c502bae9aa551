import {
  inputRequired,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { SubagentError } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'
import { z } from 'zod'
import type { SetupPort, SetupQuestion } from '../ports/setup-port.js'
import { callerHasUser, maxFormTimeoutMs } from './elicitation.js'
import { requestDeclaresForms, type HostInfo } from './host-info.js'
import { minHumanAnswerMs } from './question-form.js'

/** The connection that asks for the setup, and the request of its host. */
export type SetupRequest = {
  setup: SetupPort
  caller: string
  supervisor: Supervisor
  client: Pick<HostInfo, 'takesForms'>
  mcp: McpServer
  mcpReq: Pick<ServerContext['mcpReq'], 'id' | 'signal' | 'envelope' | 'inputResponses' | 'requestState'>
}

/**
 * Describes the installation for the host's model. Where questions of setup are open and the host shows forms, its user answers them
 * first, and the text says what was written. In MCP of 2026 the form is an answer of its own, after which the host repeats its request.
 */
export async function describeSetup(request: SetupRequest): Promise<string | InputRequiredResult> {
  try {
    return await lookOrAsk(request)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return `Tell me: setup of subagent-mcp failed: ${error.message} (${error.hint ?? ''})`
  }
}

async function lookOrAsk(request: SetupRequest): Promise<string | InputRequiredResult> {
  const { setup, mcpReq, client, supervisor, caller } = request
  const { clock } = supervisor
  const response = mcpReq.inputResponses?.[formKey]
  const shownAt = Number(mcpReq.requestState<string>() ?? 0)
  const answered = readAnswers(response, clock.now() - shownAt)
  if (answered) return written(setup, answered)
  const { lines, questions } = await setup.look()
  if (response === undefined && questions.length > 0 && callerHasUser(supervisor, caller)) {
    const form = formOf(lines, questions)
    if (requestDeclaresForms(mcpReq.envelope))
      return inputRequired({
        inputRequests: { [formKey]: inputRequired.elicit(form) },
        requestState: `${clock.now()}`,
      })
    const answers = client.takesForms() ? await ask(request, form) : undefined
    if (answers) return written(setup, answers)
  }
  const open = questions.map(({ question }) => `not answered yet: ${question}`)
  const how = open.length > 0 ? ['in a terminal, subagent-mcp setup asks these questions'] : []
  return `${introduction}\n${[...lines, ...open, ...how].join('\n')}`
}

/** The name of the form in the answer and in the next request of MCP 2026. */
const formKey = 'setup'

const introduction =
  'Tell me in short which agents are signed in here, what of subagent-mcp is set up, and what I should do first, from these lines:'

/** Writes the settings that the user chose in the setup form, and describes them. @throws SubagentError */
async function written(setup: SetupPort, answers: Answers): Promise<string> {
  const lines = await setup.answer(answers)
  return `Tell me in short what setup has done, and what I should do now, from these lines:\n${lines.join('\n')}`
}

function formOf(lines: readonly string[], questions: readonly SetupQuestion[]): ElicitRequestFormParams {
  const fields = questions.map(({ id, question, description, isOn }) => {
    return [id, { type: 'boolean' as const, title: question, description, default: isOn }] as const
  })
  const message = ['Set up subagent-mcp on this machine.', ...lines].join('\n')
  return {
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: Object.fromEntries(fields) },
  }
}

/** Shows the setup form as a request of MCP before 2026. Returns undefined if the host shows no forms or its user answers none. */
async function ask(
  { mcp: { server }, mcpReq, supervisor: { clock } }: SetupRequest,
  params: ElicitRequestFormParams,
): Promise<Answers | undefined> {
  try {
    const options = { signal: mcpReq.signal, timeout: maxFormTimeoutMs, relatedRequestId: mcpReq.id }
    const shownAt = clock.now()
    const result = await server.request({ method: 'elicitation/create', params }, options)
    return readAnswers(result, clock.now() - shownAt)
  } catch {
    // The host cannot show the form, or has disconnected. The text of the prompt then has the questions.
    return undefined
  }
}

type Answers = Readonly<Record<string, boolean>>

/**
 * Reads the choices of a setup form that was shown for so many milliseconds; `undefined` if it was closed, or answered too fast
 * for a person. A missing field is a no.
 */
function readAnswers(result: unknown, after: number): Answers | undefined {
  const { action, content } = Result.safeParse(result).data ?? {}
  if (action !== 'accept' || after < minHumanAnswerMs) return undefined
  const fields = Object.entries(Content.safeParse(content).data ?? {})
  return Object.fromEntries(fields.map(([id, value]) => [id, value === true]))
}

const Result = z.looseObject({ action: z.string(), content: z.unknown().optional() })
const Content = z.record(z.string(), z.unknown())
