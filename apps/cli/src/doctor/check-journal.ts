import { SubagentError } from '@subagent-mcp/contract'
import { inspectJournal } from '@subagent-mcp/journal'
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { findDaemon } from '../daemon/reach-daemon.js'
import { homeFolder } from '../settings/home-folder.js'
import { fine, type Check, type Context, type Trouble } from './check.js'

/** Whether SQLite finds the journal sound. One that cannot be looked at is thrown. */
export const checkJournal: Check = {
  name: 'journal',
  run: async ({ environment }) => {
    const path = join(homeFolder(environment), 'journal.db')
    const inspected = inspectJournal(path)
    if (inspected.type === 'absent') return [fine(`there is none yet: ${path}`)]
    if (inspected.type === 'sound') return [fine(path)]
    const what = `${path} is damaged: ${inspected.problems.join('; ')}`
    return [{ severity: 'error', what, ...(await mending(path, environment)) }]
  },
}

async function mending(
  path: string,
  environment: Context['environment'],
): Promise<Pick<Trouble, 'mend' | 'fix'>> {
  if (await findDaemon(environment)) return { mend: stopFirst }
  const away = freeName(path)
  return {
    mend: `set ${path} aside as ${away}, with its -wal and -shm: a new one is made when it is needed`,
    fix: () => setAside(path, { away, environment }),
  }
}

const stopFirst = 'subagent-mcp daemon stop, and then subagent-mcp doctor --fix'

function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${path}.damaged-${number}`
    if (!existsSync(name)) return name
  }
}

/** Under names that belong together as before: what was written last lies in `-wal`. */
async function setAside(
  path: string,
  { away, environment }: { away: string } & Pick<Context, 'environment'>,
): Promise<void> {
  if (await findDaemon(environment))
    throw new SubagentError('io-failed', `a daemon has it open: ${stopFirst}`)
  try {
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${away}${suffix}`)
    }
  } catch (cause) {
    throw new SubagentError('io-failed', `cannot set ${path} aside: ${String(cause)}`, { cause })
  }
}
