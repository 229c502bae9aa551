import { isJournalSoundAndComplete } from '@subagent-mcp/journal'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'

// The entry of the threads that `checkJournalOnThreads` starts. An error ends the thread, and its starter then resolves with false.
const { path, part } = z.object({ path: z.string(), part: z.enum(['structure', 'rows']) }).parse(workerData)
parentPort?.postMessage(isJournalSoundAndComplete(path, [part]))
