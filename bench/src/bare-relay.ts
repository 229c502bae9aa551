import { spawn } from 'node:child_process'
import { createConnection, createServer } from 'node:net'

/**
 * The processes between a host and a CLI, which only copy bytes: `node bare-relay.js serve <socket> <cli>` for the daemon, and
 * `node bare-relay.js connect <socket>` for the process that a host starts.
 */
const [role = '', socketPath = '', cli = ''] = process.argv.slice(2)

if (role === 'connect') {
  const socket = createConnection(socketPath)
  process.stdin.pipe(socket).pipe(process.stdout)
} else {
  const server = createServer((socket) => {
    const child = spawn(process.execPath, [cli], { stdio: ['pipe', 'pipe', 'ignore'] })
    socket.pipe(child.stdin)
    child.stdout.pipe(socket)
    server.close()
  })
  server.listen(socketPath, () => process.stdout.write('listening\n'))
}
