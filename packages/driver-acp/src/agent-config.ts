import { z } from 'zod'
import type { AcpProfile } from './profile.js'

/** An ACP agent in a user's configuration. */
export const AcpAgent = z.strictObject({
  /** Its name as a provider. */
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  /** The id of the sign-in method, for an agent that asks for one. */
  auth: z.string().optional(),
})
export type AcpAgent = z.infer<typeof AcpAgent>

/** The profile of an agent that we know nothing else of. */
export function acpProfile({ auth, ...agent }: AcpAgent): AcpProfile {
  return {
    ...agent,
    label: agent.id,
    ...(auth !== undefined && { auth }),
    installHint: `install ${agent.command}, or correct the command of the agent ${agent.id} in the settings`,
    signInHint: `sign in to ${agent.id} in a terminal, or name its sign-in method as auth in the settings`,
    families: {},
    modes,
    signedIn: () => 'unknown',
  }
}

/** The mode ids of the agents that have been looked at. */
const modes: AcpProfile['modes'] = {
  'read-only': ['read-only', 'readonly', 'plan'],
  ask: ['default', 'ask', 'approve'],
  'accept-edits': ['acceptEdits', 'accept-edits', 'auto-edit', 'autoEdit'],
  'full-auto': ['bypassPermissions', 'full-access', 'yolo', 'auto'],
}
