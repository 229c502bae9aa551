import { inspectJournal } from '@subagent-mcp/journal'
import { join } from 'node:path'
import { homeFolder } from '../settings/home-folder.js'
import { fine, type Check } from './check.js'

/** Whether SQLite finds the journal sound. One that cannot be opened at all is thrown. */
export const checkJournal: Check = {
  name: 'journal',
  run: ({ environment }) => {
    const path = join(homeFolder(environment), 'journal.db')
    const inspected = inspectJournal(path)
    if (inspected.type === 'absent') return [fine(`there is none yet: ${path}`)]
    if (inspected.type === 'sound') return [fine(path)]
    const what = `${path} is damaged: ${inspected.problems.join('; ')}`
    const mend = `subagent-mcp daemon stop && mv ${path} ${path}.damaged`
    return [{ severity: 'error', what, mend }]
  },
}
