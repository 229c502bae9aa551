import { isHostSetUp, pluginFlag } from '@subagent-mcp/installer'
import { getStateFolderPath } from './settings/state-folder.js'

/**
 * Whether this process was started by a host's plugin and leaves its work to the entries that `setup` wrote for the host, so
 * that tools are not offered and hooks not answered twice. `host` is the word of the command line that names the host.
 */
export function pluginYieldsToSetup(
  host: string | undefined,
  { project, hooks }: { project: string; hooks: boolean },
): boolean {
  return (
    process.argv.includes(pluginFlag) &&
    isHostSetUp(getStateFolderPath(process.env), { host, project, hooks })
  )
}
