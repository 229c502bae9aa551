import { existsSync } from 'node:fs'
import { configPath, readConfig } from '../settings/config.js'
import { readRouting } from '../settings/routing-files.js'
import { fine, type Check } from './check.js'

/** Whether the user's own files can be used; what is wrong with them is thrown. */
export const checkConfiguration: Check = {
  name: 'configuration',
  run: ({ environment, project }) => {
    readConfig(environment)
    readRouting(project, environment)
    const path = configPath(environment)
    return [fine(existsSync(path) ? path : `defaults: there is no ${path}`)]
  },
}
