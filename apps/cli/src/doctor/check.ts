import type { Driver } from '@subagent-mcp/contract'
import type { Machine, Wiring } from '@subagent-mcp/installer'

/** One thing that is looked at. It changes nothing. @throws SubagentError, which is then its finding */
export type Check = {
  /** A word or two, in front of each of its findings. */
  name: string
  run(context: Context): readonly Finding[] | Promise<readonly Finding[]>
}

/** What was found, in one line for a person. */
export type Finding = { severity: 'ok'; what: string } | Trouble

/** Something that is to be mended; only errors keep us from working. */
export type Trouble = {
  severity: 'warning' | 'error'
  what: string
  /** The one command that mends it, or what to do where there is none. */
  mend: string
  /** Does just that; troubles with the same `mend` need it once. @throws SubagentError */
  fix?: () => Promise<void>
}

/** What checks look at. */
export type Context = {
  environment: NodeJS.ProcessEnv
  machine: Machine
  /** How hosts are to start us. */
  server: Wiring['server']
  drivers: ReadonlyMap<string, Driver>
  /** The version of the node that runs this. */
  node: string
  /** The project that the user is in. */
  project: string
}

/** Nothing is wrong. */
export function fine(what: string): Finding {
  return { severity: 'ok', what }
}
