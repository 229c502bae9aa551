import { connect, type Socket } from 'node:net'

/** Connects to a local socket. `undefined` when it does not come about, for whatever reason: no daemon is there for us. */
export function connectSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const failed = (): void => {
      resolve(undefined)
    }
    socket.once('error', failed).once('connect', () => {
      socket.off('error', failed)
      resolve(socket)
    })
  })
}
