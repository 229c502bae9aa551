import { SubagentError, type PermissionPreset } from '@subagent-mcp/contract'
import {
  grant,
  isAuthorityWithin,
  narrower,
  type Authority,
  type PermissionRule,
} from '@subagent-mcp/permissions'
import type { Profile } from './agent.js'
import type { Blueprint, SessionSetup } from './blueprint.js'
import type { CallerState } from './fleet.js'
import { isInside } from './is-inside.js'
import { authorityOf } from './session-rights.js'

/** What an agent may do, and what of that is less than its definition says. */
export type Granted = { authority: Authority; named?: true; notes: readonly string[] }

type Wish = {
  permissions?: PermissionPreset
  blueprint?: Blueprint
  usual: PermissionPreset
  /** All that it may do. */
  allowed?: readonly PermissionRule[]
}

/**
 * Gives an agent what is asked for, as far as its caller has it.
 * @throws SubagentError `above-ceiling` where the caller itself asks for more; what files ask for is narrowed
 */
export function grantAuthority(from: CallerState, { allowed, ...wish }: Wish): Granted {
  const granted = grantOpen(from, wish)
  if (!allowed) return granted
  return { ...granted, authority: withList(granted.authority, allowed, from) }
}

/** A host could have said yes to what its agent asks. An agent gives no more than it may do itself. */
function withList(authority: Authority, allow: readonly PermissionRule[], { depth }: CallerState): Authority {
  return depth === 0
    ? { ...authority, closed: { by: 'host', allow } }
    : grant(authority, { ...authority, closed: { by: 'agent', allow } })
}

function grantOpen({ depth, authority: ceiling }: CallerState, wish: Wish): Granted {
  const { permissions, blueprint, usual } = wish
  if (blueprint) return grantDefined(blueprint, { depth, ceiling })
  const asked = { preset: permissions ?? usual, rules: ceiling.rules }
  const authority = grant(ceiling, asked)
  if (authority.preset === asked.preset) return { authority, notes: [] }
  if (permissions !== undefined) throw aboveCeiling(permissions, ceiling)
  return { authority, notes: [narrowed(authority, asked, 'as is usual')] }
}

function grantDefined(
  { name, authority: asked, named }: Blueprint,
  { depth, ceiling }: { depth: number; ceiling: Authority },
): Granted {
  const isNamed = named && depth === 0
  const authority = grant(isNamed ? atLeast(ceiling, asked.preset) : ceiling, asked)
  const isLess = authority.preset !== asked.preset
  return {
    authority,
    ...(isNamed && { named }),
    notes: isLess ? [narrowed(authority, asked, `as agent '${name}' says`)] : [],
  }
}

function atLeast(authority: Authority, preset: PermissionPreset): Authority {
  return narrower(authority.preset, preset) === preset ? authority : { ...authority, preset }
}

function narrowed({ preset }: Authority, asked: Authority, why: string): string {
  return `permissions are ${preset}, not ${asked.preset} ${why}: its caller has no more to give`
}

/** What an agent may do in a session that a caller opens again: no more than that caller can give now. */
export function regrant({ depth, authority: ceiling }: CallerState, profile: Profile): Authority {
  const had = authorityOf(profile)
  const given = grant(profile.named && depth === 0 ? atLeast(ceiling, had.preset) : ceiling, had)
  // Any host could have given that list.
  return depth === 0 && had.closed ? { ...given, closed: had.closed } : given
}

function aboveCeiling(asked: PermissionPreset, { preset }: Authority): SubagentError {
  const hint = `ask for ${preset} or less; the user may raise "ceiling" in config.jsonc`
  return new SubagentError('above-ceiling', `permissions ${asked} are more than you can give (${preset})`, {
    hint,
  })
}

/** Whether a caller may do all that an agent may. @throws SubagentError `above-ceiling` */
export function checkWithin(caller: CallerState, profile: Profile): void {
  const { depth, authority } = caller
  if (depth === 0 || (isAuthorityWithin(authority, authorityOf(profile)) && hasFolder(caller, profile.cwd)))
    return
  throw new SubagentError('above-ceiling', `agent '${profile.id}' may do more than you may`, {
    hint: 'launch an agent of your own',
  })
}

/** Whether a caller may work in a folder: a host's user may do so anywhere. */
export function hasFolder({ depth, folder }: CallerState, cwd: string): boolean {
  return depth === 0 || (folder !== undefined && isInside(folder, cwd))
}

/** @throws SubagentError `above-ceiling` for a folder in which the caller may not work itself. */
export function checkFolder(caller: CallerState, cwd: string): void {
  if (hasFolder(caller, cwd)) return
  const hint = `launch it in ${caller.folder ?? 'a folder of yours'} or below`
  throw new SubagentError('above-ceiling', `cwd ${cwd} is outside of your own folder`, { hint })
}

/**
 * A server that a launch brings is a program that nobody is asked about.
 * @throws SubagentError `above-ceiling` for an agent that could not start it unasked itself
 */
export function checkServers({ depth, authority }: CallerState, setup: SessionSetup | undefined): void {
  if (depth === 0 || setup?.mcpServers === undefined) return
  if (authority.preset === 'full-auto' && authority.closed === undefined) return
  const hint = "add it to the CLI's own configuration, and name it in mcp"
  throw new SubagentError('above-ceiling', 'MCP servers of its own are more than you can give', { hint })
}
