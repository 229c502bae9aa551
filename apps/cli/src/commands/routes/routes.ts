import { createDrivers } from '../../drivers.js'
import { askRoutes, type RoutesReport } from '@subagent-mcp/runtime'
import { projectOf, createWatchdog } from '@subagent-mcp/driver-kit'
import type { TaskCategory } from '@subagent-mcp/contract'
import { stripVTControlCharacters } from 'node:util'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes } from '../../command/rules.js'
import { choice, jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { categoryNames } from '../category-names.js'
import { renderRoutes, renderWalk } from '../../routes/render-routes.js'
import { readConfig } from '../../settings/config.js'
import { readRouting } from '../../settings/routing-files.js'
import { withTerminal } from '../../terminal/with-terminal.js'

const routesSpec = commandSpec({
  description: 'List the providers and models that a task would go to on this machine, best first',
  words: {
    category: choice(categoryNames, 'Kind of task (default: all)').exactOptional(),
  },
  flags: {
    explain: choice(
      categoryNames,
      'The same for one kind of task, each candidate with its reason',
    ).exactOptional(),
    json: jsonFlag,
  },
  rules: [excludes('explain', ['category'])],
})

/** Lists the candidates of a launch on this machine, with reasons. */
export const routes = defineCommand(routesSpec, (args) =>
  withTerminal(async ({ stdout }) => {
    const category = args.explain ?? args.category
    const report = await ask(category)
    const render = args.explain === undefined ? renderRoutes : renderWalk
    const text = stripVTControlCharacters(render(report))
    await stdout.print(args.json ? `${JSON.stringify(report, undefined, 2)}\n` : text)
    return exitCode.done
  }),
)

/** Asks the CLIs; what they started is ended, also when we are (the watchdog sees to that). */
async function ask(category: TaskCategory | undefined): Promise<RoutesReport> {
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
