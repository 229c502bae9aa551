import { SubagentError } from '@subagent-mcp/contract'
import type { AgentProfile } from '../agent/agent.js'
import { authorityOf } from '../launch/session-rights.js'
import type { Judge } from '../questions/ruling.js'

/**
 * Refuses a launch with a command in `accept.run` that its agent could not run in its own shell without a question. `approved`:
 * commands that a person gave or approved. @throws SubagentError `above-ceiling` that names the command
 */
export function checkGatePermissions(
  judge: Judge,
  profile: Pick<AgentProfile, 'cwd' | 'project' | 'authority' | 'accept'>,
  approved: readonly string[] = [],
): void {
  const { cwd, project } = profile
  // How the policy reads a shell call does not depend on the provider; this is the name that Claude's has.
  const about = { provider: 'claude', cwd, project, authority: authorityOf(profile) }
  for (const command of profile.accept?.run ?? []) {
    if (approved.includes(command)) continue
    const decision = judge({ tool: 'Bash', input: { command } }, about)
    if (decision.verdict === 'allow') continue
    const message = `accept.run: '${command}' is not allowed without a question here (${decision.by})`
    throw new SubagentError('above-ceiling', message, {
      hint: 'the user adds it to permissions.testCommands in config.jsonc, as subagent-mcp setup offers; read-only agents have no commands',
    })
  }
}
