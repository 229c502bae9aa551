import { checkTrustedPath } from '@subagent-mcp/client'
import { runReportWatcher } from '@subagent-mcp/orchestration'
import { watch, type FSWatcher } from 'node:fs'
import { request } from 'node:http'
import { listDaemonSocketPaths, getDaemonSocketsFolder } from './daemon/daemon-paths.js'
import { endProcess } from './exit.js'
import { getTrustedStateFolder } from './settings/state-folder.js'
import { version } from './version.js'
import { pluginYieldsToSetup } from './plugin-yields-to-setup.js'

// The entry point of the hook that waits in the background and wakes its host. It starts no daemon.
void runReportWatcher({
  host: process.argv[3],
  environment: process.env,
  parent: process.ppid,
  stateFolder: () => getTrustedStateFolder(process.env),
  yields: (project) => pluginYieldsToSetup(process.argv[3], { project, hooks: true }),
  nextWake: ({ process: pid, project, known }) => {
    const query = new URLSearchParams({ process: String(pid), project, known: known.join(',') })
    return askDaemons(`/v1/wakes?${query.toString()}`)
  },
  daemonChange,
}).then((code) => {
  // A request to another daemon may still be open when this process should exit.
  endProcess(code)
})

/**
 * Asks all running daemons, because during an update the session may belong to an older one. A daemon that does not know the session
 * answers `over` immediately. Rejects when a daemon ends meanwhile, and when no daemon runs.
 */
async function askDaemons(path: string): Promise<unknown> {
  const answers = listDaemonSocketPaths(process.env, version).map((socket) => readJson(socket, path))
  const all = Promise.all(answers).then(
    (known) => known.find(isOfSession) ?? known.find((answer) => answer !== undefined) ?? noDaemon(),
  )
  const ofSession = answers.map(async (answer) => (isOfSession(await answer) ? answer : all))
  return Promise.race([all, ...ofSession])
}

/** Whether the daemon that gave this answer knows the session of the host. */
function isOfSession(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'type') !== 'over'
}

function noDaemon(): never {
  throw new Error('no daemon runs')
}

/** Resolves shortly after the folder of the daemons' sockets has changed, after 5 s at the latest. */
function daemonChange(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      folder?.close()
      // The socket's file exists a moment before the daemon answers.
      setTimeout(resolve, 100)
    }
    const timer = setTimeout(end, 5_000)
    const folder = watchFolder(end)
  })
}

function watchFolder(onChange: () => void): FSWatcher | undefined {
  try {
    return watch(getDaemonSocketsFolder(process.env), onChange).once('error', onChange)
  } catch {
    return undefined // The folder is missing, or the system cannot watch folders.
  }
}

/**
 * Sends a GET request to a daemon, whose answer may take days, and returns the parsed body; undefined if no daemon listens. Rejects when the
 * daemon ends before it has answered, and for a body that is no JSON.
 */
function readJson(socket: string, path: string): Promise<unknown> {
  checkTrustedPath(socket)
  return new Promise((resolve, reject) => {
    let isConnected = false
    const sent = request({ socketPath: socket, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.once('error', reject)
      response.once('end', () => {
        resolve(Promise.resolve(text).then((body): unknown => JSON.parse(body)))
      })
    })
    sent.once('socket', (connection) => connection.once('connect', () => (isConnected = true)))
    sent.once('error', (error) => {
      if (isConnected) reject(error)
      else resolve(undefined)
    })
    sent.end()
  })
}
