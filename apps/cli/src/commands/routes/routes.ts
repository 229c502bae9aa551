import { isTaskCategory, taskCategories, type TaskCategory } from '@subagent-mcp/contract'
import { createWatchdog, findProjectRoot } from '@subagent-mcp/driver-kit'
import { readRoutesReport, type RoutesReport } from '@subagent-mcp/runtime'
import { stripVTControlCharacters } from 'node:util'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { choiceArgSchema, jsonFlag } from '../../command/arg-schemas.js'
import { createDrivers } from '../../drivers.js'
import { exitCode } from '../../exit.js'
import { renderRouteTable, renderRouteReasons } from '../../routes/render-routes.js'
import { readUserConfig } from '../../settings/config.js'
import { readRoutingFiles } from '../../settings/routing-files.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import type { Terminal } from '../../terminal/terminal.js'
import { formatSafeJson } from '../../terminal/text.js'

const categories = Object.keys(taskCategories).filter(isTaskCategory)

export const routesCommand = defineTerminalCommand(
  {
    description: 'List which provider and model would get each kind of task (coding, debugging …) here',
    examples: ['routes', 'routes --explain debugging'],
    words: {
      category: choiceArgSchema(categories, 'List only this kind of task (default: all)').exactOptional(),
    },
    flags: {
      explain: choiceArgSchema(
        categories,
        'List all candidates for this kind of task with reasons',
      ).exactOptional(),
      json: jsonFlag,
    },
    rules: [createFlagExcludesRule('explain', ['category'])],
  },
  async ({ explain, category, json }, terminal) => {
    const report = await askDrivers(explain ?? category, terminal)
    const text = stripVTControlCharacters(
      explain === undefined ? renderRouteTable(report) : renderRouteReasons(report),
    )
    await terminal.stdout.print(json ? `${formatSafeJson(report, 2)}\n` : text)
    return exitCode.done
  },
)

/** Asks the CLIs of providers which models they offer. A watchdog ends the CLIs, also if this process is killed. */
async function askDrivers(
  category: TaskCategory | undefined,
  { environment, cwd, stderr }: Terminal,
): Promise<RoutesReport> {
  const table = readRoutingFiles(findProjectRoot(cwd), environment)
  const watchdog = createWatchdog()
  const drivers = createDrivers(watchdog, readUserConfig(environment))
  await stderr.print(`subagent-mcp: asking ${[...drivers.keys()].join(', ')} ...\n`)
  try {
    return await readRoutesReport({
      drivers,
      table,
      environment,
      ...(category !== undefined && { category }),
    })
  } finally {
    await watchdog.close()
  }
}
