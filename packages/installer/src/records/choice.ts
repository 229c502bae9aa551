import { forwardedNames, hosts, type Wiring } from '@subagent-mcp/installer'
import { z } from 'zod'
import { projectCommand } from './server-command.js'

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

/**
 * What a choice comes to where the server is started by this command. A project's files are for everybody who works on
 * it: no path of this machine is in them where a registry has the package.
 */
export function wiringOf(
  { scope, project, hooks, suppressNative }: Omit<Choice, 'host' | 'trust'>,
  server: Wiring['server'],
): Wiring {
  const ofScope = scope === 'project' ? projectCommand() : server
  return { server: ofScope, scope, project, hooks, suppressNative, forward: forwardedNames }
}
