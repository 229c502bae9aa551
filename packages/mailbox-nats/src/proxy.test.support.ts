import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A connection to a server that can be broken, and counts the bytes that the server sends. */
export type Proxy = {
  url: string
  received(): number
  /** Ends all connections, as a network that fails; new ones are refused until `mend`. */
  cut(): void
  mend(): void
  /** Ends all connections for good at the write after the next `count`: with it `forwarded` to the server, or `dropped`. */
  cutAfter(count: number, last: 'forwarded' | 'dropped'): void
  /** Holds what clients send after the next `count` writes and one more, until `resume`. */
  holdAfter(count: number): Hold
  end(): Promise<void>
}

export type Hold = { isHolding(): boolean; resume(): void }

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const state: ProxyState = { pairs: new Set(), isWhole: true, received: 0 }
  const proxy = createServer((client) => {
    if (!state.isWhole) {
      client.destroy()
      return
    }
    const server = connect(Number(port), hostname)
    const pair = { client, server }
    state.pairs.add(pair)
    client.on('data', (data: Buffer) => {
      forward(state, data, server)
    })
    server.on('data', (data: Buffer) => {
      state.received += data.length
      if (state.isWhole) client.write(data)
    })
    const over = (): void => {
      state.pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', over).on('close', over)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return {
    url: `nats://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    received: () => state.received,
    cut: () => {
      state.isWhole = false
      endAll(state)
    },
    mend: () => {
      state.isWhole = true
    },
    cutAfter: (left, last) => {
      state.plan = { left: left + 1, last }
    },
    holdAfter: (count) => holdAfter(state, count),
    end: async () => {
      endAll(state)
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

type ProxyState = {
  pairs: Set<{ client: Socket; server: Socket }>
  isWhole: boolean
  received: number
  plan?: { left: number; last: 'forwarded' | 'dropped' | 'held' }
  held?: (() => void)[]
}

function holdAfter(state: ProxyState, count: number): Hold {
  state.plan = { left: count + 1, last: 'held' }
  return {
    isHolding: () => state.held !== undefined,
    resume: () => {
      const held = state.held ?? []
      delete state.held
      delete state.plan
      for (const send of held) send()
    },
  }
}

function endAll({ pairs }: ProxyState): void {
  for (const { client, server } of pairs) {
    client.destroy()
    server.destroy()
  }
}

/** Forwards what a client sends, until the write at which the proxy cuts its connections or holds what follows. */
function forward(state: ProxyState, data: Buffer, server: Socket): void {
  const { plan } = state
  if (state.held) {
    state.held.push(() => server.write(data))
    return
  }
  const writes = plan === undefined ? 0 : countWrites(data)
  if (plan === undefined || writes < plan.left || writes === 0) {
    if (plan) plan.left -= writes
    server.write(data)
    return
  }
  if (plan.last === 'held') {
    state.held = []
    server.write(data)
    return
  }
  state.isWhole = false
  if (plan.last === 'forwarded') server.write(data)
  setTimeout(() => endAll(state), plan.last === 'forwarded' ? 30 : 0)
}

/** The number of commands in what a client sends that store, delete or acknowledge something. */
function countWrites(data: Buffer): number {
  const commands = data.toString('latin1').match(/(^|\r\n)H?PUB [^\r]*/g) ?? []
  return commands.filter((line) =>
    /\.(message|queue|ready|dead)\.|MSG\.DELETE|\$JS\.ACK/.test(line.split(' ')[1] ?? ''),
  ).length
}
