import { omitUndefined } from '@subagent-mcp/contract'
import { parse } from 'node:path'
import { z } from 'zod'
import { guardOpencodeProject } from './guards/opencode-guard.js'
import type { AcpProfile } from './profile.js'
import type { ProjectFilesCheck } from './guards/project-guard.js'
import { guardQwenProject } from './guards/qwen-guard.js'

export const AcpAgentConfig = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('The name of the agent as a provider, in lower case.'),
  command: z.string().min(1).describe('The program that speaks ACP on stdin and stdout.'),
  args: z.array(z.string()).default([]).describe('Its arguments.'),
  env: z.record(z.string(), z.string()).default({}).describe('Further variables of its environment.'),
  auth: z.string().optional().describe('The ACP id of its sign-in method, for an agent that requires one.'),
})
export type AcpAgentConfig = z.infer<typeof AcpAgentConfig>

/** Whether sessions of a configured agent are kept from what files of a project would start. */
export function isGuardedAgent(agent: Pick<AcpAgentConfig, 'id' | 'command'>): boolean {
  return guardOf(agent) !== undefined
}

/** Returns the guard against project files for the agent's program, else for its configured id. */
function guardOf({ id, command }: Pick<AcpAgentConfig, 'id' | 'command'>): ProjectFilesCheck | undefined {
  return guards.get(parse(command).name) ?? guards.get(id)
}

const guards: ReadonlyMap<string, ProjectFilesCheck> = new Map([
  ['opencode', guardOpencodeProject],
  ['qwen', guardQwenProject],
])

/** The profile of an ACP agent about which only the user's configuration is known. */
export function createAcpProfile({ auth, ...agent }: AcpAgentConfig): AcpProfile {
  const guard = guardOf(agent)
  return {
    ...agent,
    label: agent.id,
    ...omitUndefined({ auth, guard }),
    installHint: `install ${agent.command}, or correct the command of the agent ${agent.id} in the settings`,
    signInHint: `sign in to ${agent.id} in a terminal, or name its sign-in method as auth in the settings`,
    families: {},
    modes,
    signedIn: () => 'unknown',
  }
}

/** Mode ids that ACP agents use, for each permission preset; the best first. */
const modes: AcpProfile['modes'] = {
  'read-only': ['read-only', 'readonly', 'plan'],
  ask: ['default', 'ask', 'approve'],
  'accept-edits': ['acceptEdits', 'accept-edits', 'auto-edit', 'autoEdit'],
  'full-auto': ['bypassPermissions', 'full-access', 'yolo', 'auto'],
}
