import { createWatchdog } from '@subagent-mcp/driver-kit'
import { defineCommand, type ArgsDef } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { askRoutes } from '../ask-routes.js'
import { readConfig } from '../config.js'
import { createDrivers } from '../compose.js'
import { exitWith } from '../exit.js'
import { projectOf } from '../folders.js'
import { renderRoutes } from '../render-routes.js'
import { renderWalk } from '../render-walk.js'
import { readRouting } from '../routing-files.js'
import { readRoutesOrder, type RoutesOrder } from './routes-order.js'
import type { RoutesReport } from './routes-report.js'

/** For the help: `readRoutesOrder` reads them. */
const args: ArgsDef = {
  category: { type: 'positional', required: false, description: 'One of the fifteen; all without it' },
  json: { type: 'boolean', description: 'The same as JSON' },
  explain: { type: 'string', valueHint: 'category', description: 'Each candidate with its reason' },
}

/** Shows whom a launch would try on this machine, and why. */
export const routes = defineCommand({
  meta: { name: 'routes', description: 'Show whom a task would go to on this machine, best first' },
  args,
  run: async ({ rawArgs }) => {
    const order = readRoutesOrder(rawArgs)
    const report = await ask(order)
    await print(order.json ? `${JSON.stringify(report, undefined, 2)}\n` : render(order, report))
    exitWith(0)
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

/** Resolves when it is written, or when nobody reads it any more. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => {
      resolve()
    })
    process.stdout.write(text, () => {
      resolve()
    })
  })
}
