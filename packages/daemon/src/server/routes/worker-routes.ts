import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { daemonApi, createErrorAnswer, type WorkerStreamEnd, type WorkerView } from '@subagent-mcp/api'
import { toWorkerLogLine, type StartedWorker, type WorkerEvent } from '@subagent-mcp/runtime'
import { openEventStream, type EventStream } from '../http/event-stream.js'
import { createApiRoute, createStreamingRoute, type HttpRoute } from '../http/route.js'
import { encodeServerSentEvent } from '../http/server-sent-event.js'
import type { DaemonPort } from '../daemon-port.js'

/** Routes of workers: those that run as long as a request, and those that the daemon keeps. */
export function createWorkerRoutes(port: DaemonPort): HttpRoute[] {
  const { workers, kept, supervisor } = port
  return [
    createApiRoute(daemonApi.listWorkers, () => ({ workers: viewsOf(port) })),
    createStreamingRoute(daemonApi.runWorker, async ({ body }, call) => {
      checkPerson(
        port,
        { environment: body.environment, ...omitUndefined({ pid: body.pid }) },
        'start a worker',
      )
      const watcher = createWatcher()
      const worker = await workers.start({ ...body, onEvent: watcher.onEvent })
      const stream = openEventStream(supervisor.clock, call)
      watcher.writeTo(stream)
      if (call.signal.aborted) void worker.end()
      call.signal.addEventListener('abort', () => void worker.end())
      void endStream(stream, worker, workers.isClosing)
    }),
    createApiRoute(daemonApi.keepWorker, async ({ body: { environment, pid, ...settings } }) => {
      checkPerson(port, { environment, ...omitUndefined({ pid }) }, 'leave a worker to the daemon')
      const name = await workers.check({ ...settings, environment })
      return { worker: await kept.keep({ ...settings, name }, environment) }
    }),
    createApiRoute(daemonApi.stopWorker, async ({ params: { name } }) => {
      if (await kept.stop(name)) return { stopped: true }
      const worker = workers.list().find((one) => one.name === name)
      await worker?.stop()
      return { stopped: worker !== undefined }
    }),
    createApiRoute(daemonApi.fleet, () => kept.fleet()),
    createApiRoute(daemonApi.fleetUp, ({ body: { pid, ...plan } }) => {
      checkPerson(port, { environment: plan.environment ?? {}, ...omitUndefined({ pid }) }, 'start a fleet')
      return kept.up(plan)
    }),
    createApiRoute(daemonApi.fleetDown, async () => ({ ended: [...(await kept.down())] })),
  ]
}

/** The workers of the daemon: those that it keeps, also those that have ended, and those of commands. */
function viewsOf({ workers, kept }: DaemonPort): WorkerView[] {
  const keeps = kept.list()
  const others = workers.list().filter(({ name }) => !keeps.some((one) => one.name === name))
  return [...keeps, ...others.map((worker) => ({ ...worker.view(), kept: false }))]
}

/** Collects the events of a worker until its stream is open. A reader that is far behind misses events. */
function createWatcher(): { onEvent: (event: WorkerEvent) => void; writeTo: (stream: EventStream) => void } {
  const early: string[] = []
  let target: EventStream | undefined
  return {
    onEvent: (event) => {
      const text = encodeServerSentEvent({ event: 'worker', data: JSON.stringify(toWorkerLogLine(event)) })
      if (!target) early.push(text)
      else if (!target.isFull()) target.write(text)
    },
    writeTo: (stream) => {
      for (const text of early) stream.write(text)
      target = stream
    },
  }
}

/** Writes the end of a worker to its stream, unless the daemon ends: the command then starts its worker at the next daemon. */
async function endStream(
  stream: EventStream,
  worker: StartedWorker,
  isClosing: () => boolean,
): Promise<void> {
  const end = await endOf(worker)
  if (!isClosing()) stream.write(encodeServerSentEvent({ event: 'ended', data: JSON.stringify(end) }))
  stream.end()
}

async function endOf({ ended }: StartedWorker): Promise<WorkerStreamEnd> {
  try {
    return { ends: [...(await ended)] }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const known = error instanceof SubagentError ? error : new SubagentError('io-failed', message)
    return createErrorAnswer(known)
  }
}

/**
 * Refuses a sub-agent: a worker gets the messages to any name that it chooses, and one that the daemon keeps has the rights of the user, so
 * the sub-agent could gain rights by either.
 */
function checkPerson(
  { depthOf }: DaemonPort,
  process: Parameters<DaemonPort['depthOf']>[0],
  what: string,
): void {
  if (depthOf(process) === 0) return
  throw new SubagentError('needs-person', `a sub-agent may not ${what}`, { hint: 'let the user do it' })
}
