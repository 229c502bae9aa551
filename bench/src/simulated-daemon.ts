import { createStoppableClock, systemClock } from '@subagent-mcp/contract'
import { startDaemonServer } from '@subagent-mcp/daemon'
import { openJournal } from '@subagent-mcp/journal'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSimulatedDriver } from './simulated-driver.js'
import { simulatedRuntime } from './simulated-runtime.js'
import type { DaemonState } from './simulation.js'

/**
 * A daemon in which everything but the sessions is real. Its argument is the folder for its files. Lines on stdin
 * control it: `stream EVENTS-A-SECOND`, `end TURN ANSWER`, `state`, and `collect`, which prints the state after a
 * garbage collection. It exits when stdin ends.
 */
const [folder = ''] = process.argv.slice(2)
const path = join(folder, 'journal.db')
const pageFolder = fileURLToPath(new URL('../../apps/dashboard/dist', import.meta.url))
const journal = openJournal({
  path,
  owner: { kind: 'daemon', pid: process.pid, startTime: '-', place: '-', nonce: '-', version: '-' },
  isAlive: () => true,
  onForeign: () => undefined,
  now: Date.now,
})
const { clock, stopTimers } = createStoppableClock(systemClock)
const mailbox = openSqliteMailbox({ store: journal.store, clock: systemClock, isAlive: () => true })
const driver = createSimulatedDriver('simulated')
const runtime = simulatedRuntime(driver, { journal, mailbox, clock })
const server = await startDaemonServer(
  { ...runtime, pageFolder },
  { socketPath: join(folder, 'daemon.sock') },
)

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [command, value = '', ...answer] = line.split(' ')
    if (command === 'stream') driver.stream(Number(value))
    if (command === 'end') driver.end(value, answer.join(' '))
    if (command === 'collect') globalThis.gc?.()
    if (command === 'state' || command === 'collect') process.stdout.write(`${JSON.stringify(state())}\n`)
  })
  .once('close', () => {
    driver.stream(0)
    void server.close().then(() => {
      runtime.supervisor.flush()
      // Timers write to the journal.
      stopTimers()
      journal.close()
      return mailbox.close()
    })
  })
process.stdout.write(`${JSON.stringify(state())}\n`)

function state(): DaemonState {
  const { user, system } = process.cpuUsage()
  return {
    at: performance.now(),
    ...driver.streamed(),
    cpu: (user + system) / 1000,
    resident: process.memoryUsage.rss() / 1024 / 1024,
    live: process.memoryUsage().heapUsed / 1024 / 1024,
    rows: journal.lastSeq(),
    journalBytes: journal.size().bytes,
  }
}
