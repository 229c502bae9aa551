import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { newestUserText } from './conversation.js'
import { withoutSecrets, type LoggedRequest } from './request-log.js'
import { understand, type Understood } from './understand.js'

/** A request to the model server that has arrived whole. */
export type ReceivedRequest = { facts: Omit<LoggedRequest, 'ended'>; understood: Understood }

/** Reads a request to the model server to its end; undefined when the client left before that. */
export async function receiveRequest(incoming: IncomingMessage): Promise<ReceivedRequest | undefined> {
  const bodyText = await text(incoming).catch(() => undefined) // all that can go wrong is that the client left
  if (bodyText === undefined) return undefined
  const { method = 'GET', url = '/', headers } = incoming
  const { pathname: path } = new URL(url, 'http://loopback')
  const body = parsed(bodyText)
  const understood = understand({ method, path, body })
  const facts = { method, path, headers: withoutSecrets(headers), bodyText, body, receivedAt: Date.now() }
  return { facts: { ...facts, ...summary(understood) }, understood }
}

function summary(understood: Understood): Pick<LoggedRequest, 'dialect' | 'kind' | 'userText' | 'prompt'> {
  const dialect = understood.dialect?.name
  if (understood.type === 'fixed')
    return { dialect, kind: understood.kind, userText: undefined, prompt: undefined }
  const { answerSchema, conversation, prompt } = understood.asked
  return {
    dialect,
    kind: answerSchema === undefined ? 'turn' : 'structured',
    userText: newestUserText(conversation),
    prompt,
  }
}

function parsed(bodyText: string): unknown {
  try {
    return JSON.parse(bodyText)
  } catch {
    return undefined // not JSON; what needs a body is then answered 400
  }
}
