import { notifyEvents } from '@subagent-mcp/runtime'
import { z } from 'zod'

const Seconds = z.number().min(0).max(86_400)

/** How the daemon notifies the user of agents that ask or end while no host reads that. Default: not at all. */
export const NotifySettings = z.strictObject({
  desktop: z.boolean().default(false).describe('Whether notices are shown on the desktop.'),
  command: z
    .array(z.string())
    .min(1, 'names no program')
    .exactOptional()
    .describe('A program and its arguments, which gets each notice as JSON on stdin.'),
  // The webhook is never printed, because its URL may contain a secret.
  webhook: z
    .string()
    .refine(isWebhook, 'give https://…, or http://… on this machine, without a user and password')
    .exactOptional()
    .describe('A URL to which each notice is posted as JSON.'),
  on: z
    .array(z.enum(notifyEvents))
    .default([...notifyEvents])
    .describe('The events that send a notice: an agent asks for permission, or its turn has ended.'),
  after: z
    .strictObject({
      asks: Seconds.default(5).describe(
        'Seconds for which a permission request must stay unread before a notice.',
      ),
      ended: Seconds.default(30).describe(
        'Seconds for which the end of a turn must stay unread before a notice.',
      ),
    })
    .prefault({}),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/**
 * Whether a text is a URL that may get notifications: `http` only on this machine. A user and password are refused, because `fetch` refuses them, too.
 */
function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}
