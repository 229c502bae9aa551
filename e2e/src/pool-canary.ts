import { trySignalProcess } from '@subagent-mcp/driver-kit'
import type { ModelServer } from '@subagent-mcp/testkit'
import { randomBytes } from 'node:crypto'
import type { ServerStage } from './server-stage.js'

/** The way in which a test lets a task of a pooled agent end. */
type Ending = 'answered' | 'timed-out' | 'cancelled' | 'crashed'

/**
 * The counts for one agent's tasks. `traces` names each secret that was in a model request of another task, `wrong`
 * each task that did not end as planned.
 */
export type CanaryReport = Record<Ending, number> & { requests: number; traces: string[]; wrong: string[] }

/** The tasks to run on one agent, whose definition has a short timeout. */
export type CanaryOptions = {
  agent: string
  tasks: number
  /** Every nth task times out, is cancelled or loses its process, in turn. */
  troubleEvery: number
}

type Server = Pick<ServerStage, 'host' | 'model'>

/** Tells an agent a secret in each of many tasks, and searches all requests to the model for secrets of other tasks. */
export async function runSecretTasks(server: Server, options: CanaryOptions): Promise<CanaryReport> {
  const report: CanaryReport = {
    ...{ answered: 0, 'timed-out': 0, cancelled: 0, crashed: 0 },
    ...{ requests: 0, traces: [], wrong: [] },
  }
  let before: string | undefined
  for (let index = 0; index < options.tasks; index += 1) {
    const secret = `canary-${index}-${randomBytes(4).toString('hex')}`
    const ending = endingOf(index, options.troubleEvery)
    const problem = await runTask[ending](server, { agent: options.agent, index, secret })
    report[ending] += 1
    if (problem !== undefined) report.wrong.push(`task ${index}, ${ending}: ${problem}`)
    report.requests += server.model.requests.length
    report.traces.push(...tracesIn(server.model.requests, { secret, before }))
    before = secret
    server.model.forgetRequests()
  }
  return report
}

/**
 * Returns the secrets of other tasks in the requests made during one task. A request without this task's secret may be a
 * late one of the task `before`, so that task's secret is allowed in it. Throws when no request has this task's secret,
 * because then nothing was tested.
 */
export function tracesIn(
  requests: readonly { bodyText: string }[],
  { secret, before }: { secret: string; before: string | undefined },
): string[] {
  const secretsOfRequests = requests.map(({ bodyText }) => new Set(bodyText.match(/canary-\d+-[0-9a-f]{8}/g)))
  if (!secretsOfRequests.some((secrets) => secrets.has(secret)))
    throw new Error(`no request with ${secret} reached the model`)
  const foreign = secretsOfRequests.flatMap((secrets) => {
    const owner = secrets.has(secret) ? secret : before
    return [...secrets].filter((other) => other !== owner)
  })
  return [...new Set(foreign)].map((other) => `${other} in ${secret}`)
}

function endingOf(index: number, troubleEvery: number): Ending {
  if ((index + 1) % troubleEvery !== 0) return 'answered'
  const troubles = ['timed-out', 'cancelled', 'crashed'] as const
  return troubles[((index + 1) / troubleEvery - 1) % troubles.length] ?? 'answered'
}

type Task = { agent: string; index: number; secret: string }

/** Runs a task until it ends as planned. Resolves with its answer when that is wrong, and otherwise with undefined. */
type RunTask = (server: Server, task: Task) => Promise<string | undefined>

const runTask: Record<Ending, RunTask> = {
  answered: async ({ host }, { agent, index, secret }) => {
    const task = `The secret is ${secret}. [[say: done ${index}.]]`
    const { text, isError } = await host.call('invoke', { agent, task })
    return !isError && text.includes(`\ndone ${index}.`) ? undefined : text
  },
  'timed-out': async ({ host }, task) => {
    const { text, isError } = await host.call('invoke', hanging(task))
    return isError && text.includes('timed-out') ? undefined : text
  },
  cancelled: async ({ host, model }, task) => {
    const cancel = new AbortController()
    const call = host.call('invoke', hanging(task), { signal: cancel.signal })
    await modelAsked(model, task)
    cancel.abort()
    return call.then(
      ({ text }) => text,
      () => undefined,
    )
  },
  crashed: async ({ host, model }, task) => {
    const call = host.call('invoke', hanging(task))
    await modelAsked(model, task)
    for (const pid of await workingPooledPids({ host })) trySignalProcess(pid, 'SIGKILL')
    const { text, isError } = await call
    return isError && text.includes('crashed') ? undefined : text
  },
}

function hanging({ agent, secret }: Task): { agent: string; task: string } {
  return { agent, task: `The secret is ${secret}. [[say: half]] [[hang]]` }
}

async function modelAsked(model: ModelServer, { secret }: Task): Promise<void> {
  await model.waitForRequest(({ kind, bodyText }) => kind === 'turn' && bodyText.includes(secret))
}

/** The pids of pooled processes that are working on a task, from the tool `list`. */
export async function workingPooledPids({ host }: Pick<ServerStage, 'host'>): Promise<number[]> {
  const { text } = await host.call('list')
  return [...text.matchAll(/pid (\d+) working/g)].map(([, pid]) => Number(pid))
}
