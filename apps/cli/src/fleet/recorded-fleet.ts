import { homeFolder } from '../settings/home-folder.js'
import { readRecord, recordPath } from './fleet-record.js'

/** The file of the fleet that comes up with the next daemon, while none runs. */
export function recordedFleet(environment: NodeJS.ProcessEnv): string | undefined {
  const record = readRecord(recordPath(homeFolder(environment)))
  return record === 'unreadable' ? undefined : record?.file
}
