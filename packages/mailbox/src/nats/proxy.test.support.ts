import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be broken. */
export type Proxy = {
  url: string
  /** From now on nothing comes back from the server: it still hears us. */
  mute(): void
  /** Ends all connections, as a network that falls away; new ones are let through only after `mend`. */
  cut(): void
  mend(): void
  end(): Promise<void>
}

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<{ client: Socket; server: Socket }>()
  let whole = true
  const proxy = createServer((client) => {
    if (!whole) return client.destroy()
    const server = connect(Number(port), hostname)
    const pair = { client, server }
    pairs.add(pair)
    client.pipe(server)
    server.pipe(client)
    const over = (): void => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', over).on('close', over)
    return undefined
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  const end = (): void => {
    for (const { client, server } of pairs) {
      client.destroy()
      server.destroy()
    }
  }
  return {
    url: `nats://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    mute: () => {
      for (const { client, server } of pairs) server.unpipe(client).resume()
    },
    cut: () => {
      whole = false
      end()
    },
    mend: () => {
      whole = true
    },
    end: async () => {
      end()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
