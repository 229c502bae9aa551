import { notifyEvents } from '@subagent-mcp/runtime'
import { z } from 'zod'

const Seconds = z.number().min(0).max(86_400)

/** How the user is notified of agents whose hosts do not read it. Default: not at all. */
export const NotifySettings = z.strictObject({
  /** Shows a message on the desktop. */
  desktop: z.boolean().default(false),
  /** A program and its arguments. It gets the notice as JSON on stdin. */
  command: z.array(z.string()).min(1, 'names no program').exactOptional(),
  /** An address to which the notice is posted as JSON. Never printed, because it may contain a secret. */
  webhook: z
    .string()
    .refine(isWebhook, 'give https://…, or http://… on this machine, without a user and password')
    .exactOptional(),
  /** The events of which the user is notified. */
  on: z.array(z.enum(notifyEvents)).default([...notifyEvents]),
  /** For each event: the seconds for which a report must stay unread before the user is notified. */
  after: z.strictObject({ asks: Seconds.default(5), ended: Seconds.default(30) }).prefault({}),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/** Only this machine gets notices unencrypted. A user and password are refused, because `fetch` refuses them too. */
function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}
