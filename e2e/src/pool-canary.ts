import type { ModelServer } from '@subagent-mcp/testkit'
import { randomBytes } from 'node:crypto'
import type { ServerStage } from './server-stage.js'

/** How a task is made to end. */
type Ending = 'answered' | 'timed-out' | 'cancelled' | 'crashed'

/** What the tasks of an agent came to; `traces` name each secret that a later task's request had. */
export type CanaryReport = Record<Ending, number> & { requests: number; traces: string[]; wrong: string[] }

/** The tasks of one agent, whose definition has a short timeout. */
export type CanaryOptions = {
  agent: string
  tasks: number
  /** After so many tasks comes one that does not end well, each time in another way. */
  troubleEvery: number
}

type Server = Pick<ServerStage, 'host' | 'model'>

/**
 * Tells an agent a secret in each of many tasks, and looks for secrets of other tasks in all that reaches the model.
 * Some tasks run into their timeout, are cancelled, or lose their process.
 */
export async function tellSecrets(server: Server, options: CanaryOptions): Promise<CanaryReport> {
  const report: CanaryReport = {
    ...{ answered: 0, 'timed-out': 0, cancelled: 0, crashed: 0 },
    ...{ requests: 0, traces: [], wrong: [] },
  }
  let before: string | undefined
  for (let index = 0; index < options.tasks; index += 1) {
    const task = { agent: options.agent, index, secret: `canary-${index}-${randomBytes(4).toString('hex')}` }
    const ending = endingOf(index, options.troubleEvery)
    const problem = await play[ending](server, task)
    report[ending] += 1
    if (problem !== undefined) report.wrong.push(`task ${index}, ${ending}: ${problem}`)
    report.requests += server.model.requests.length
    report.traces.push(...tracesIn(server.model.requests, { secret: task.secret, before }))
    before = task.secret
    server.model.forgetRequests()
  }
  return report
}

/**
 * What the requests of a task's time say of other tasks. A request without its secret may be a late one of the task
 * `before`, and has nothing but that one's. Throws when no request has the secret: then nothing was tested.
 */
export function tracesIn(
  requests: readonly { bodyText: string }[],
  { secret, before }: { secret: string; before: string | undefined },
): string[] {
  const told = requests.map(({ bodyText }) => new Set(bodyText.match(/canary-\d+-[0-9a-f]{8}/g)))
  if (!told.some((secrets) => secrets.has(secret)))
    throw new Error(`no request with ${secret} reached the model`)
  const foreign = told.flatMap((secrets) => {
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
/** Says what went otherwise than it should. */
type Play = (server: Server, task: Task) => Promise<string | undefined>

const play: Record<Ending, Play> = {
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
    await asked(model, task)
    cancel.abort()
    return call.then(
      ({ text }) => text,
      () => undefined,
    )
  },
  crashed: async ({ host, model }, task) => {
    const call = host.call('invoke', hanging(task))
    await asked(model, task)
    for (const pid of await workingPids({ host })) process.kill(pid, 'SIGKILL')
    const { text, isError } = await call
    return isError && text.includes('crashed') ? undefined : text
  },
}

function hanging({ agent, secret }: Task): { agent: string; task: string } {
  return { agent, task: `The secret is ${secret}. [[say: half]] [[hang]]` }
}

async function asked(model: ModelServer, { secret }: Task): Promise<void> {
  await model.waitForRequest(({ kind, bodyText }) => kind === 'turn' && bodyText.includes(secret))
}

/** The processes that are in a task, as `list` tells. */
export async function workingPids({ host }: Pick<ServerStage, 'host'>): Promise<number[]> {
  const { text } = await host.call('list')
  return [...text.matchAll(/pid (\d+) working/g)].map(([, pid]) => Number(pid))
}
