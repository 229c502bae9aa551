import { z } from 'zod'

/** What is told of a task as soon as it is launched: its id, and what it waits for if there is no room yet. */
export const Announcement = z.looseObject({
  id: z.string(),
  position: z.number().exactOptional(),
  lack: z.string().exactOptional(),
})
export type Announcement = z.infer<typeof Announcement>

/** The header that carries it, in a 103 before the answer. */
const header = 'subagent-mcp-task'

/** It as headers of a 103, where only ASCII may stand. */
export function encodeAnnouncement(announcement: Announcement): { link: string } & Record<string, string> {
  const text = encodeURIComponent(JSON.stringify(announcement))
  return { link: `</v1/agents/${encodeURIComponent(announcement.id)}>; rel=item`, [header]: text }
}

/** `undefined` for the headers of another 1xx. */
export function readAnnouncement(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Announcement | undefined {
  const text = headers[header]
  return typeof text === 'string' ? Announcement.parse(JSON.parse(decodeURIComponent(text))) : undefined
}
