import { notifyEvents } from '@subagent-mcp/runtime'
import { z } from 'zod'

const Seconds = z.number().min(0).max(86_400)

/** How the daemon notifies the user of agents that ask or end while no host reads their report. Default: not at all. */
export const NotifySettings = z.strictObject({
  desktop: z.boolean().default(false),
  /** A program and its arguments. It gets the notice as JSON on stdin. */
  command: z.array(z.string()).min(1, 'names no program').exactOptional(),
  /** A URL to which the notice is posted as JSON. Commands never print it, because it may contain a secret. */
  webhook: z
    .string()
    .refine(isWebhook, 'give https://…, or http://… on this machine, without a user and password')
    .exactOptional(),
  /** The events that send a notice. */
  on: z.array(z.enum(notifyEvents)).default([...notifyEvents]),
  /** For each event: the seconds for which a report must stay unread before the user is notified. */
  after: z.strictObject({ asks: Seconds.default(5), ended: Seconds.default(30) }).prefault({}),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/**
 * Whether a text is a URL for notices: `http` only to this machine. A user and password are refused, because `fetch` refuses them, too.
 */
function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}
