import type { Measured } from './measure-sources.js'
import { traceLaunch } from './trace-launch.js'

/** Measures one `launch_agent` call; docs/decisions/2026-11-23-launch-path.md says what is counted, and why. */
export async function measureLaunch(root: string): Promise<Readonly<Record<string, Measured>>> {
  const { shim, daemon } = await traceLaunch(root)
  const path = [...shim.path, ...daemon.path]
  const inApp = daemon.run.filter((file) => file.startsWith('apps/cli/'))
  return {
    'files on the path of a launch_agent call': { value: path.length, counted: path },
    'files of apps/cli that the daemon runs for it': { value: inApp.length, counted: inApp },
  }
}
