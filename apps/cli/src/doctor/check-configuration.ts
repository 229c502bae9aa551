import { isGuarded } from '@subagent-mcp/driver-acp'
import { existsSync } from 'node:fs'
import { configPath, readConfig } from '../settings/config.js'
import { readRouting } from '../settings/routing-files.js'
import { fine, type Check } from './check.js'

/** Whether the user's own files can be used; what is wrong with them is thrown. */
export const checkConfiguration: Check = {
  name: 'configuration',
  run: ({ environment, project }) => {
    const { acpAgents } = readConfig(environment)
    readRouting(project, environment)
    const path = configPath(environment)
    const open = acpAgents.filter((agent) => !isGuarded(agent)).map(({ id }) => id)
    return [fine(existsSync(path) ? path : `defaults: there is no ${path}`), ...unprevented(open)]
  },
}

/** Agents of which we know no way to keep a project from configuring them. */
function unprevented(ids: readonly string[]) {
  const names = ids.join(', ')
  return ids.length === 0
    ? []
    : [
        fine(
          `a project's files may start programs in ${names}: this cannot be prevented, as we do not know its switches`,
        ),
      ]
}
