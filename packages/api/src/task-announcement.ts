import { z } from 'zod'

/** The early answer to a task request: the task's id, and its place in the queue if the machine has no room yet. */
export const TaskAnnouncement = z.looseObject({
  id: z.string(),
  position: z.number().exactOptional(),
  lack: z.string().exactOptional(),
})
export type TaskAnnouncement = z.infer<typeof TaskAnnouncement>

/** The HTTP header that carries the announcement of a task, in a 103 response before the answer. */
const header = 'subagent-mcp-task'

/** Encodes an announcement as headers of a 103 response, which allow ASCII only. */
export function encodeTaskAnnouncement(
  announcement: TaskAnnouncement,
): { link: string } & Record<string, string> {
  const text = encodeURIComponent(JSON.stringify(announcement))
  return { link: `</v1/agents/${encodeURIComponent(announcement.id)}>; rel=item`, [header]: text }
}

/** Decodes the announcement of a launched task in the headers of a 103 response; `undefined` for headers without one. */
export function decodeTaskAnnouncement(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): TaskAnnouncement | undefined {
  const text = headers[header]
  return typeof text === 'string' ? TaskAnnouncement.parse(JSON.parse(decodeURIComponent(text))) : undefined
}
