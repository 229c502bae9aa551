import type { HookedHost } from '@subagent-mcp/installer'
import { join, resolve, sep } from 'node:path'
import type { HookEvent } from './hook-event.js'

/**
 * Whether a file is one in which a host keeps the plan of its plan mode: planning is not denied. Claude Code in that mode
 * lets its model write no other; a folder for plans inside the project may be any folder of it, and is none here.
 */
export function isPlan(
  { host, file, folders: [project = ''], isPlanning }: HookEvent & { kind: 'tool' },
  environment: NodeJS.ProcessEnv,
): boolean {
  if (!file?.endsWith('.md')) return false
  const folder = plansFolder(host, environment)
  if (folder !== undefined && isBelow(resolve(project, file), folder) && !isBelow(folder, project))
    return true
  return host === 'claude' && isPlanning
}

function isBelow(path: string, folder: string): boolean {
  return folder !== '' && resolve(path).startsWith(resolve(folder) + sep)
}

/** Undefined for a host that plans without a file. */
function plansFolder(host: HookedHost, environment: NodeJS.ProcessEnv): string | undefined {
  if (host === 'gemini') return environment['GEMINI_PLANS_DIR'] || undefined
  const { CLAUDE_CONFIG_DIR: moved, HOME: home = environment['USERPROFILE'] } = environment
  const claude = moved || (home && join(home, '.claude'))
  return host === 'claude' && claude ? join(claude, 'plans') : undefined
}
