import type { HookedHost } from '@subagent-mcp/installer'
import { isAbsolute, join, resolve, sep } from 'node:path'

/** Whether a file is one in which a host keeps the plan of its plan mode: planning is not denied. */
export function isPlan(
  { host, file }: { host: HookedHost; file: string | undefined },
  environment: NodeJS.ProcessEnv,
): boolean {
  const folder = plansFolder(host, environment)
  if (file === undefined || folder === undefined || !isAbsolute(file)) return false
  return resolve(file).startsWith(resolve(folder) + sep) && file.endsWith('.md')
}

/** Undefined for a host that plans without a file. */
function plansFolder(host: HookedHost, environment: NodeJS.ProcessEnv): string | undefined {
  if (host === 'gemini') return environment['GEMINI_PLANS_DIR'] || undefined
  const { CLAUDE_CONFIG_DIR: moved, HOME: home = environment['USERPROFILE'] } = environment
  const claude = moved || (home && join(home, '.claude'))
  return host === 'claude' && claude ? join(claude, 'plans') : undefined
}
