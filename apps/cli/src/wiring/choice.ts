import { hosts } from '@subagent-mcp/installer'
import { z } from 'zod'

/** How a host was set up, so that an update or a mend writes the same again. */
export const Choice = z.strictObject({
  host: z.enum(hosts.map(({ id }) => id)),
  scope: z.enum(['user', 'project']),
  /** The project's root; of a user's scope the one that setup ran in, which says nothing. */
  project: z.string(),
  hooks: z.boolean(),
  suppressNative: z.boolean(),
  /** Whether Codex's hooks are trusted by us; else by the user, in its `/hooks`. */
  trust: z.boolean(),
})
export type Choice = z.infer<typeof Choice>

/** Whether another was chosen for another host, scope or project. */
export function isOfOther({ host, scope, project }: Choice): (other: Choice) => boolean {
  return (other) =>
    other.host !== host || other.scope !== scope || (scope === 'project' && other.project !== project)
}
