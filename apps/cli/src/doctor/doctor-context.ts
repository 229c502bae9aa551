import { createWatchdog, findProjectRoot } from '@subagent-mcp/driver-kit'
import { describeThisMachine } from '@subagent-mcp/installer'
import { createDrivers } from '../drivers.js'
import { getServerCommand } from '../releases/server-command.js'
import { readUserSettings } from '../settings/user-settings.js'
import type { Terminal } from '../terminal/terminal.js'
import type { DoctorContext } from './run-doctor-checks.js'

type Place = Pick<Terminal, 'environment' | 'cwd' | 'home'>

/** Calls `use` with the context of the checks of `doctor`, and ends the CLIs that they started, also if this process is killed. */
export async function withDoctorContext<Result>(
  place: Place,
  use: (context: DoctorContext) => Promise<Result>,
): Promise<Result> {
  const { environment, cwd } = place
  const watchdog = createWatchdog()
  // A problem of the configuration has a check of its own.
  const drivers = createDrivers(watchdog, readUserSettings(environment).config)
  try {
    return await use({
      environment,
      machine: describeThisMachine(place),
      server: getServerCommand(),
      drivers,
      node: process.versions.node,
      project: findProjectRoot(cwd),
    })
  } finally {
    await Promise.all([...drivers.values()].map(async (driver) => driver.close?.()))
    await watchdog.close()
  }
}
