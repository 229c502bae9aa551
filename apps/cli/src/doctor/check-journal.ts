import { SubagentError } from '@subagent-mcp/contract'
import { confirmLosses, inspectJournal, describeLoss, repairJournal, readLosses } from '@subagent-mcp/journal'
import { join } from 'node:path'
import { findDaemon } from '../daemon/reach-daemon.js'
import { homeFolder } from '../settings/home-folder.js'
import { fine, type Check, type Context, type Finding, type Trouble } from './check.js'

/** Whether the journal is sound, and what was acknowledged and is gone. One that cannot be looked at is thrown. */
export const checkJournal: Check = {
  name: 'journal',
  run: async ({ environment }) => {
    const path = join(homeFolder(environment), 'journal.db')
    return [await soundness(path, environment), ...losses(path)]
  },
}

async function soundness(path: string, environment: Context['environment']): Promise<Finding> {
  const inspected = inspectJournal(path)
  if (inspected.type === 'absent') return fine(`there is none yet: ${path}`)
  if (inspected.type === 'sound') return fine(path)
  const what = `${path} is damaged: ${inspected.problems.join('; ')}`
  return { severity: 'error', what, ...(await mending(path, environment)) }
}

/** Each until it is confirmed: the user is to know of it, whenever it happened. */
function losses(path: string): Finding[] {
  return readLosses(path).map((loss) => ({
    severity: 'warning',
    what: `lost: ${describeLoss(loss)}`,
    mend: 'nothing brings it back; this confirms that you know of it',
    fix: () => {
      confirmLosses(path, Date.now())
      return Promise.resolve()
    },
  }))
}

async function mending(
  path: string,
  environment: Context['environment'],
): Promise<Pick<Trouble, 'mend' | 'fix'>> {
  if (await findDaemon(environment)) return { mend: stopFirst }
  return {
    mend: `start a daemon, which sets ${path} aside and continues with what can be read; this does so now`,
    fix: () => mendNow(path, environment),
  }
}

const stopFirst = 'subagent-mcp daemon restart, which sets it aside and continues with what can be read'

/** What the next daemon would do, so that the loss is on record with the place of what was found. */
async function mendNow(path: string, environment: Context['environment']): Promise<void> {
  if (await findDaemon(environment))
    throw new SubagentError('io-failed', `a daemon has it open: ${stopFirst}`)
  try {
    repairJournal(path, Date.now)
  } catch (cause) {
    throw new SubagentError('io-failed', `cannot mend ${path}: ${String(cause)}`, { cause })
  }
}
