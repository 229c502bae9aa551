import { checkTrustedPath } from '@subagent-mcp/client'
import { runWatcher } from '@subagent-mcp/orchestration'
import { request } from 'node:http'
import { socketPath } from './daemon/run-folder.js'
import { trustedHomeFolder } from './settings/home-folder.js'
import { version } from './version.js'

// The entry of the bundle of the hook that waits in the background to wake its host. It starts no daemon.
void runWatcher({
  host: process.argv[3],
  environment: process.env,
  parent: process.ppid,
  stateFolder: () => trustedHomeFolder(process.env),
  nextWake: ({ process: pid, project, known }) => {
    const query = new URLSearchParams({ process: String(pid), project, known: known.join(',') })
    return readJson(socketPath(process.env, version), `/v1/wakes?${query.toString()}`)
  },
}).then((code) => {
  process.exitCode = code
})

/** Sends one GET request, whose answer may take days, and returns the parsed body. Rejects when the daemon is gone. */
function readJson(socket: string, path: string): Promise<unknown> {
  checkTrustedPath(socket)
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.once('error', reject)
      response.once('end', () => {
        try {
          resolve(JSON.parse(text))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
    sent.once('error', reject)
    sent.end()
  })
}
