import { unknownSessionId } from '../driver-contract/no-session.js'
import type { FakeAcpBehaviour } from './behaviour.js'
import { listedChoices, initializeAnswer } from './choices.js'
import type { FakeSessions } from './fake-sessions.js'
import type { Request } from './received.js'
import { textChunk, refusal, answerLine, type Line, type WriteLine } from './lines.js'

/** The state with which a fake ACP agent answers requests. */
export type AgentState = { behaviour: FakeAcpBehaviour; sessions: FakeSessions; write: WriteLine }

/** Creates the function that answers requests to a fake ACP agent, or misbehaves as the behaviour says. */
export function createAnswering({ behaviour, sessions, write }: AgentState): (request: Request) => void {
  let signedIn = behaviour !== 'wants-sign-in'
  let made = 0

  const makeSession = ({ id }: Request): Line | undefined => {
    made += 1
    if (behaviour === 'hangs-at-session') return undefined
    if (behaviour === 'hangs-at-second-session' && made > 1) return undefined
    if (!signedIn) return refusal(id, -32000, 'Authentication required')
    const refuses = behaviour === 'refuses-session' || (behaviour === 'refuses-second-session' && made > 1)
    if (refuses) return refusal(id, -32603, 'no room')
    return answerLine(id, { sessionId: sessions.make(), ...listedChoices(behaviour) })
  }
  const late = (answer: Line | undefined): readonly Line[] => {
    if (answer === undefined) return []
    if (behaviour !== 'late-second-session' || made === 1) return [answer]
    setTimeout(write, 150, answer)
    return []
  }
  const respond = (request: Request): readonly Line[] => {
    const { id, method, params } = request
    switch (method) {
      case 'initialize':
        return beginning(id, behaviour)
      case 'authenticate':
        signedIn = true
        return [answerLine(id, {})]
      case 'session/new':
        return late(makeSession(request))
      case 'session/load':
        return loading(request, { behaviour, sessions })
      case 'session/prompt':
        sessions.prompt(request)
        return []
      case 'session/cancel':
        sessions.cancel(params.sessionId)
        return []
      case 'session/set_mode':
        sessions.setMode(params.sessionId, params.modeId ?? '')
        return [answerLine(id, {})]
      default:
        return [known.includes(method) && behaviour !== 'plain' ? answerLine(id, {}) : unknown(id, method)]
    }
  }
  return (request) => respond(request).forEach(write)
}

const known = ['session/set_model', 'session/set_config_option', 'session/close']

function unknown(id: number | undefined, method: string): Line {
  return refusal(id, -32601, `no ${method} here`)
}

function beginning(id: number | undefined, behaviour: FakeAcpBehaviour): readonly Line[] {
  if (behaviour === 'hangs-at-initialize') return []
  if (behaviour === 'refuses-initialize') return [refusal(id, -32603, 'not today')]
  return [answerLine(id, initializeAnswer(behaviour))]
}

/** Answers `session/load`: sends the history before the answer, as ACP requires, or after it, as Gemini does. */
function loading(
  { id, params: { sessionId } }: Request,
  { behaviour, sessions }: Omit<AgentState, 'write'>,
): readonly Line[] {
  if (sessionId === unknownSessionId) return [refusal(id, -32603, 'Invalid session identifier')]
  const said = [textChunk(sessionId, 'user', 'before'), textChunk(sessionId, 'agent', 'an old answer')]
  const history = [...said, ...sessions.load(sessionId)]
  const loaded = answerLine(id, listedChoices(behaviour))
  return behaviour === 'late-history' ? [loaded, ...history] : [...history, loaded]
}
