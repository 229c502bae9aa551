import { readWorkerListFile } from '@subagent-mcp/daemon'
import { join } from 'node:path'
import { getStateFolderPath } from '../settings/state-folder.js'

/** The path of the list of workers that daemons keep. */
export function getPersistentWorkersPath(environment: NodeJS.ProcessEnv): string {
  return join(getStateFolderPath(environment), 'fleet.json')
}

/** Returns the path of the fleet file that the next daemon will start. Used while no daemon runs. */
export function findRecordedFleetPath(environment: NodeJS.ProcessEnv): string | undefined {
  const record = readWorkerListFile(getPersistentWorkersPath(environment))
  return record === 'unreadable' ? undefined : record?.file
}
