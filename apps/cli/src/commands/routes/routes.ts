import { createWatchdog } from '@subagent-mcp/driver-kit'
import { defineCommand } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { askRoutes } from '../../daemon/ask-routes.js'
import { readConfig } from '../../settings/config.js'
import { createDrivers } from '../../compose.js'
import { exitCode } from '../../exit.js'
import { projectOf } from '../../mode/project-root.js'
import { renderRoutes } from '../../routes/render-routes.js'
import { renderWalk } from '../../routes/render-walk.js'
import { readRouting } from '../../settings/routing-files.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { readRoutesOrder, routesFlags, type RoutesOrder } from './routes-order.js'
import type { RoutesReport } from '../../routes/report.js'

/** Shows whom a launch would try on this machine, and why. */
export const routes = defineCommand({
  meta: { name: 'routes', description: 'Show whom a task would go to on this machine, best first' },
  args: {
    category: { type: 'positional', required: false, description: 'One of the fifteen; all without it' },
    ...routesFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readRoutesOrder(rawArgs)
    await withTerminal(async ({ stdout }) => {
      const report = await ask(order)
      await stdout.print(order.json ? `${JSON.stringify(report, undefined, 2)}\n` : render(order, report))
      return exitCode.done
    })
  },
})

/** Asks the CLIs; what they started is ended, also when we are (the watchdog sees to that). */
async function ask({ category }: RoutesOrder): Promise<RoutesReport> {
  const environment = { ...process.env }
  const table = readRouting(projectOf(process.cwd()), environment)
  const watchdog = createWatchdog()
  const drivers = createDrivers(watchdog, readConfig(environment))
  process.stderr.write(`subagent-mcp: asking ${[...drivers.keys()].join(', ')} ...\n`)
  try {
    return await askRoutes({ drivers, table, environment, ...(category !== undefined && { category }) })
  } finally {
    await watchdog.close()
  }
}

function render({ explained }: RoutesOrder, report: RoutesReport): string {
  return stripVTControlCharacters(explained ? renderWalk(report) : renderRoutes(report))
}
