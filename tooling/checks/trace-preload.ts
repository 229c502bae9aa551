import { createHook, executionAsyncId } from 'node:async_hooks'
import childProcess from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { Session, type Profiler } from 'node:inspector'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'

// Preloaded into the shim and into the daemon by trace-launch.ts. Once a chunk with `launch_agent` arrives, it follows
// the call until the shim writes it to the daemon, or until the daemon starts `claude`, and then writes two lists of
// file URLs into the file of TRACE_FILE: `path`, the files on the stack at the end and, going back, on the stack at the
// start of each callback that led there; and `run`, all files of which a function ran on the way.

/** The callback, promise or timer that runs next, by its async id: who made it, and from where. */
const made = new Map<number, { by: number; stack: readonly string[] }>()

/** The async id in which the call arrived. */
let arrivedIn: number | undefined

Error.stackTraceLimit = Infinity
const hook = createHook({
  init: (id) => made.set(id, { by: executionAsyncId(), stack: filesOnStack() }),
})

const inspector = new Session()
inspector.connect()
inspector.post('Profiler.enable')
inspector.post('Profiler.startPreciseCoverage', { callCount: true })

const { push, write } = Socket.prototype
Socket.prototype.push = function (this: Socket, chunk: unknown, encoding?: BufferEncoding) {
  if (arrivedIn === undefined && isCall(chunk)) {
    arrivedIn = executionAsyncId()
    filesRun() // forget what ran before
    hook.enable()
  }
  return push.call(this, chunk, encoding)
}

// A timer from before the call has nothing to do with it: it stands still from then on.
const { setTimeout } = globalThis
Object.assign(globalThis, {
  setTimeout: (callback: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) => {
    const isOlder = arrivedIn === undefined
    const run = () => {
      if (!isOlder || arrivedIn === undefined) callback(...args)
    }
    return setTimeout(run, milliseconds)
  },
})

const { spawn } = childProcess
if (process.env['TRACE_END'] === 'write') {
  Object.assign(Socket.prototype, {
    write(this: Socket, ...args: Parameters<typeof write>) {
      if (isCall(args[0])) finish()
      return write.apply(this, args)
    },
  })
} else {
  Object.assign(childProcess, {
    spawn(...args: Parameters<typeof spawn>) {
      if (args[0].endsWith('/claude')) finish()
      return spawn(...args)
    },
  })
  syncBuiltinESMExports()
}

function isCall(chunk: unknown): boolean {
  return (typeof chunk === 'string' || Buffer.isBuffer(chunk)) && chunk.includes('"launch_agent"')
}

function finish(): void {
  if (arrivedIn === undefined) return
  const run = filesRun()
  const path = [...filesOnStack()]
  for (let id = executionAsyncId(); id !== arrivedIn;) {
    const link = made.get(id)
    if (!link) throw new Error(`the call is lost: nothing is known of async id ${id}`)
    path.unshift(...link.stack)
    id = link.by
  }
  hook.disable()
  const file = process.env['TRACE_FILE'] ?? ''
  writeFileSync(`${file}.part`, JSON.stringify({ path: [...new Set(path)], run }))
  renameSync(`${file}.part`, file)
}

/** Outermost caller first. */
function filesOnStack(): string[] {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName())
  const holder: { stack?: unknown } = {}
  Error.captureStackTrace(holder, filesOnStack)
  const files = holder.stack
  Error.prepareStackTrace = prepareStackTrace
  return Array.isArray(files) ? files.filter(isFile).reverse() : []
}

function filesRun(): string[] {
  let scripts: readonly Profiler.ScriptCoverage[] = []
  inspector.post('Profiler.takePreciseCoverage', (_, { result }) => (scripts = result))
  return scripts
    .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
    .map(({ url }) => url)
    .filter(isFile)
}

function isFile(name: unknown): name is string {
  return typeof name === 'string' && name.startsWith('file:') && name !== import.meta.url
}
