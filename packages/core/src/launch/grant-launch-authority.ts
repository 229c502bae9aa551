import { isPathInside, SubagentError, type PermissionPreset } from '@subagent-mcp/contract'
import {
  limitCallerPermissions,
  areCallerPermissionsWithin,
  chooseStricterPreset,
  type CallerPermissions,
  type PermissionRule,
} from '@subagent-mcp/permissions'
import type { AgentProfile } from '../agent/agent.js'
import type { LaunchTemplate, SessionSetup } from './launch-template.js'
import type { CallerState } from '../state/agents-state.js'
import type { ToolCallJudge } from '../questions/tool-call-ruling.js'
import { getAgentAuthority } from './session-rights.js'

/** The authority that a launch gets, and a note if it is less than the definition asks for. */
export type GrantedAuthority = { authority: CallerPermissions; named?: true; notes: readonly string[] }

type Wish = {
  permissions?: PermissionPreset
  template?: LaunchTemplate
  defaultPermissions: PermissionPreset
  /** Rules for the only calls that the agent may make (a closed list). */
  allowed?: readonly PermissionRule[]
}

/**
 * Grants a launch the authority that it asks for, limited to the caller's own authority. A wish of a definition or of a default is
 * lowered. @throws SubagentError `above-ceiling` if the caller itself asks for more than it has
 */
export function grantLaunchAuthority(from: CallerState, { allowed, ...wish }: Wish): GrantedAuthority {
  const granted = grantOpen(from, wish)
  if (!allowed) return granted
  return { ...granted, authority: withList(granted.authority, allowed, from) }
}

/**
 * Adds a closed list of calls. A host may list any calls, because its user could allow each of them; an agent only calls that it
 * may make itself.
 */
function withList(
  authority: CallerPermissions,
  allow: readonly PermissionRule[],
  { depth }: CallerState,
): CallerPermissions {
  return depth === 0
    ? { ...authority, closed: { by: 'host', allow } }
    : limitCallerPermissions(authority, { ...authority, closed: { by: 'agent', allow } })
}

function grantOpen({ depth, authority: ceiling }: CallerState, wish: Wish): GrantedAuthority {
  const { permissions, template, defaultPermissions } = wish
  if (template) return grantDefined(template, { depth, ceiling })
  const asked = { preset: permissions ?? defaultPermissions, rules: ceiling.rules }
  const authority = limitCallerPermissions(ceiling, asked)
  if (authority.preset === asked.preset) return { authority, notes: [] }
  if (permissions !== undefined) throw aboveCeiling(permissions, ceiling)
  return { authority, notes: [narrowed(authority, asked, 'the default')] }
}

function grantDefined(
  { name, authority: asked, named }: LaunchTemplate,
  { depth, ceiling }: { depth: number; ceiling: CallerPermissions },
): GrantedAuthority {
  const isNamed = named && depth === 0
  const authority = limitCallerPermissions(isNamed ? atLeast(ceiling, asked.preset) : ceiling, asked)
  const isLess = authority.preset !== asked.preset
  return {
    authority,
    ...(isNamed && { named }),
    notes: isLess ? [narrowed(authority, asked, `asked for by agent '${name}'`)] : [],
  }
}

function atLeast(authority: CallerPermissions, preset: PermissionPreset): CallerPermissions {
  return chooseStricterPreset(authority.preset, preset) === preset ? authority : { ...authority, preset }
}

function narrowed({ preset }: CallerPermissions, asked: CallerPermissions, why: string): string {
  return `permissions are ${preset}, not ${asked.preset} (${why}): its caller has no more to give`
}

/** The authority of an agent whose session a caller opens again: at most what that caller can grant now. */
export function computeReopenAuthority(
  { depth, authority: ceiling }: CallerState,
  profile: AgentProfile,
): CallerPermissions {
  const had = getAgentAuthority(profile)
  const given = limitCallerPermissions(
    profile.named && depth === 0 ? atLeast(ceiling, had.preset) : ceiling,
    had,
  )
  // Any host could have granted this closed list.
  return depth === 0 && had.closed ? { ...given, closed: had.closed } : given
}

function aboveCeiling(asked: PermissionPreset, { preset }: CallerPermissions): SubagentError {
  const hint = `ask for ${preset} or less; the user may raise "ceiling" in config.jsonc`
  return new SubagentError('above-ceiling', `permissions ${asked} are more than you can give (${preset})`, {
    hint,
  })
}

/** Checks that a caller may do everything that the agent may. @throws SubagentError `above-ceiling` */
export function checkCallerAuthority(caller: CallerState, profile: AgentProfile): void {
  const { depth, authority } = caller
  if (
    depth === 0 ||
    (areCallerPermissionsWithin(authority, getAgentAuthority(profile)) &&
      canCallerUseFolder(caller, profile.source ?? profile.cwd))
  )
    return
  throw new SubagentError('above-ceiling', `agent '${profile.id}' has more permissions than you`, {
    hint: 'launch an agent of your own',
  })
}

/** Whether a caller may work in a folder. Hosts may work in every folder, agents in their own. */
export function canCallerUseFolder({ depth, folder }: CallerState, cwd: string): boolean {
  return depth === 0 || (folder !== undefined && isPathInside(folder, cwd))
}

/** Checks that a caller may work in the folder of a launch. @throws SubagentError `above-ceiling` */
export function checkLaunchFolder(caller: CallerState, cwd: string): void {
  if (canCallerUseFolder(caller, cwd)) return
  const hint = `launch it in ${caller.folder ?? 'a folder of yours'} or below`
  throw new SubagentError('above-ceiling', `cwd ${cwd} is outside of your own folder`, { hint })
}

/**
 * Checks that a caller may add MCP servers to a launch, because such a server is a program that runs without a
 * question. @throws SubagentError `above-ceiling` for an agent that may not run every command unasked
 */
export function checkLaunchMcpServers(
  { depth, authority }: CallerState,
  setup: SessionSetup | undefined,
): void {
  if (depth === 0 || setup?.mcpServers === undefined) return
  if (authority.preset === 'full-auto' && authority.closed === undefined) return
  const hint = "add it to the CLI's own configuration, and name it in mcp"
  throw new SubagentError('above-ceiling', 'you may not give an agent MCP servers of its own', { hint })
}

/**
 * Refuses a launch with a command in `accept.run` that its agent could not run in its own shell without a question. `approved`:
 * commands that a person gave or approved. @throws SubagentError `above-ceiling` that names the command
 */
export function checkGatePermissions(
  judge: ToolCallJudge,
  profile: Pick<AgentProfile, 'cwd' | 'project' | 'authority' | 'accept'>,
  approved: readonly string[] = [],
): void {
  const { cwd, project } = profile
  // How the policy reads a shell call does not depend on the provider; this is the name that Claude's has.
  const about = { provider: 'claude', cwd, project, authority: getAgentAuthority(profile) }
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
