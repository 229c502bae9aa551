import { openRecords } from '@subagent-mcp/installer'
import { homeFolder } from '../settings/home-folder.js'
import { fine, type Check } from './check.js'

/** Whether what setup wrote is on record still; what is wrong with the record is thrown. */
export const checkSetupRecord: Check = {
  name: 'setup record',
  run: ({ environment }) => {
    const { choices } = openRecords(homeFolder(environment)).read()
    const labels = new Set(choices.map(({ host }) => host))
    return [fine(labels.size === 0 ? 'nothing was set up' : `setup was told of ${[...labels].join(', ')}`)]
  },
}
