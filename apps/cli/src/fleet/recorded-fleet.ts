import { readWorkerListFile } from '@subagent-mcp/daemon'
import { join } from 'node:path'
import { stateFolderPath } from '../settings/state-folder.js'

/** The path of the list of workers that daemons keep. */
export function getKeptWorkersPath(environment: NodeJS.ProcessEnv): string {
  return join(stateFolderPath(environment), 'fleet.json')
}

/** Returns the path of the fleet file that the next daemon will start. Used while no daemon runs. */
export function findRecordedFleetPath(environment: NodeJS.ProcessEnv): string | undefined {
  const record = readWorkerListFile(getKeptWorkersPath(environment))
  return record === 'unreadable' ? undefined : record?.file
}
