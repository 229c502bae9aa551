import { createHook, executionAsyncId } from 'node:async_hooks'
import childProcess from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { Session, type Profiler } from 'node:inspector'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'

// Preloaded into the shim and into the daemon by trace-launch.ts. It traces the call from the arrival of a chunk with
// `launch_agent` until the shim writes it to the daemon, or until the daemon starts `claude`. Then it writes two lists
// of file URLs to the path in TRACE_FILE: `path`, the files on the stack at the end and, back to the arrival, on the
// stack that created each callback on the way; and `run`, all files of which a function ran in between.

/** For each async id of a callback, promise or timer: the async id that created it, and the files on the stack then. */
const created = new Map<number, { by: number; stack: readonly string[] }>()

/** The async id of the event in which the traced call arrived. */
let arrivedIn: number | undefined

Error.stackTraceLimit = Infinity
const hook = createHook({
  init: (id) => created.set(id, { by: executionAsyncId(), stack: filesOnStack() }),
})

const inspector = new Session()
inspector.connect()
inspector.post('Profiler.enable')
inspector.post('Profiler.startPreciseCoverage', { callCount: true })

const { push, write } = Socket.prototype
Socket.prototype.push = function (this: Socket, chunk: unknown, encoding?: BufferEncoding) {
  if (arrivedIn === undefined && isCall(chunk)) {
    arrivedIn = executionAsyncId()
    filesRun() // resets the coverage of what ran before
    hook.enable()
  }
  return push.call(this, chunk, encoding)
}

// Timers that were started before the call do not fire after it, because they do not belong to it.
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
    const link = created.get(id)
    if (!link) throw new Error(`cannot trace the call: async id ${id} has no recorded origin`)
    path.unshift(...link.stack)
    id = link.by
  }
  hook.disable()
  const file = process.env['TRACE_FILE'] ?? ''
  writeFileSync(`${file}.part`, JSON.stringify({ path: [...new Set(path)], run }))
  renameSync(`${file}.part`, file)
}

/** The files on the current stack, that of the outermost caller first. */
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
