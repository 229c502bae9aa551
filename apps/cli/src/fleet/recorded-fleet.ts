import { stateFolderOf } from '../settings/state-folder.js'
import { readRecord, recordPath } from './fleet-record.js'

/** Returns the path of the fleet file that the next daemon will start. Used while no daemon runs. */
export function recordedFleet(environment: NodeJS.ProcessEnv): string | undefined {
  const record = readRecord(recordPath(stateFolderOf(environment)))
  return record === 'unreadable' ? undefined : record?.file
}
