import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { maxWaitSeconds } from '../call-time-limit.js'

/** The flat input of `chat`, as hosts show it; `parseChatAction` checks which fields belong to an action. */
export const ChatInput = z.strictObject({
  action: z.enum(['send', 'reply', 'wait', 'inbox', 'read']).describe('What to do'),
  to: z.string().optional().describe('Agent'),
  text: z.string().optional().describe('What you say'),
  thread: z.string().optional().describe('Id'),
  message: z.string().optional().describe('Id'),
  timeout_seconds: z.number().min(0).max(maxWaitSeconds).optional().describe('Default 900'),
})
type ChatInput = z.infer<typeof ChatInput>

export type ChatAction =
  | { action: 'send'; to: string; text: string; thread?: string }
  | { action: 'reply'; message: string; text: string }
  | { action: 'wait'; thread?: string; timeoutSeconds: number }
  | { action: 'inbox' }
  | { action: 'read'; thread: string }

/** Parses one action of `chat`. @throws SubagentError that names a missing field, or one that does not belong to the action */
export function parseChatAction(input: ChatInput): ChatAction {
  const { action, thread, timeout_seconds = 900 } = input
  checkFields(input)
  const need = (field: Needed): string => needed(input, field)
  const inThread = thread === undefined ? {} : { thread }
  switch (action) {
    case 'send':
      return { action, to: need('to'), text: need('text'), ...inThread }
    case 'reply':
      return { action, message: need('message'), text: need('text') }
    case 'wait':
      return { action, timeoutSeconds: timeout_seconds, ...inThread }
    case 'inbox':
      return { action }
    case 'read':
      return { action, thread: need('thread') }
  }
}

function checkFields({ action, ...given }: ChatInput): void {
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue
    const may: readonly string[] = fields[action]
    if (!may.includes(field)) {
      const hint =
        may.length > 0 ? `chat ${action} takes ${may.join(', ')}` : `chat ${action} takes nothing else`
      throw new SubagentError('unknown-parameter', `chat ${action} has no ${field}`, { hint })
    }
    if (typeof value === 'string' && value.trim() === '')
      throw new SubagentError('invalid-parameter', `chat ${action}: ${field} is empty`)
  }
}

const fields = {
  send: ['to', 'text', 'thread'],
  reply: ['message', 'text'],
  wait: ['thread', 'timeout_seconds'],
  inbox: [],
  read: ['thread'],
} as const

type Needed = keyof typeof meanings

function needed({ action, ...given }: ChatInput, field: Needed): string {
  const value = given[field]
  if (value !== undefined) return value
  throw new SubagentError('invalid-parameter', `chat ${action} needs ${field}: ${meanings[field]}`, {
    hint: `chat ${action} takes ${fields[action].join(', ')}`,
  })
}

const meanings = {
  to: 'the name of the agent that it is for',
  text: 'what you say',
  message: 'the id of what you answer',
  thread: 'its id, as each message names it',
} as const
