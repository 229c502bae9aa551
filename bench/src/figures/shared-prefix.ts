import { openBareClaude } from '../bare-claude.js'
import { quantile, type Figure } from '../figure.js'
import { openPoolStage, type PoolStage } from '../pool-stage.js'

const tasks = 10
const agent = 'kept'

/**
 * The part of a model request that a prompt cache knows from the previous task: tools, instructions and messages up
 * to the first byte that differs. Measured in one process that is reset between tasks, and with a process for each.
 */
export async function sharedPrefix(): Promise<Figure[]> {
  const stage = await openPoolStage()
  const reset = await promptsOf(stage, (task) => stage.invoke(agent, task))
  const fresh = await promptsOf(stage, async (task) => {
    await stage.reset(agent)
    await stage.invoke(agent, task)
  })
  const bare = await promptsOf(stage, async (task) => {
    const cli = openBareClaude(stage)
    await cli.turn(task)
    await cli.close()
  })
  await stage.close()
  return [...describe('reset process', reset, bare), ...describe('fresh process', fresh, bare)]
}

/** Returns the figures of one kind of process. Text after the task has no limit, because the CLI adds it. */
function describe(kind: string, ours: readonly string[], bare: readonly string[]): Figure[] {
  const floorOf = (value: number) => ({ name: 'the bare CLI, fresh process', value })
  const bytes = quantile(shared(ours).map((each) => each.shared))
  return [
    {
      name: `claude: shared with the task before, of what precedes the task, ${kind}`,
      unit: '%',
      n: tasks - 1,
      ours: quantile(shared(ours).map((each) => (each.shared / each.before) * 100)),
      floor: floorOf(quantile(shared(bare).map((each) => (each.shared / each.before) * 100))),
      limit: { type: 'amount', least: 99 },
    },
    {
      name: `claude: bytes not shared with the task before, ${kind}`,
      unit: 'bytes',
      n: tasks - 1,
      ours: quantile(shared(ours).map((each) => each.all - each.shared)),
      floor: floorOf(quantile(shared(bare).map((each) => each.all - each.shared))),
      limit: { type: 'ratio', most: 1.05 },
      note: `${bytes} of ${quantile(shared(ours).map((each) => each.all))} bytes are shared`,
    },
  ]
}

/** Runs the tasks and returns the prompt of the one model request of each, as a prompt cache compares it. */
async function promptsOf(
  { model }: PoolStage,
  run: (task: string) => Promise<void>,
): Promise<readonly string[]> {
  model.forgetRequests()
  for (let task = 0; task < tasks; task += 1) await run(taskText(task))
  const prompts = model.requests.flatMap(({ kind, prompt }) => (kind === 'turn' && prompt ? [prompt] : []))
  if (prompts.length !== tasks) throw new Error(`${tasks} tasks made ${prompts.length} requests`)
  return prompts
}

/** For each prompt but the first: bytes shared with the previous one, bytes before its task, and all bytes. */
function shared(prompts: readonly string[]): { shared: number; before: number; all: number }[] {
  return prompts.slice(1).map((prompt, index) => ({
    shared: bytesOf(commonStart(prompts[index] ?? '', prompt)),
    before: bytesOf(prompt.slice(0, prompt.indexOf(taskText(index + 1)))),
    all: bytesOf(prompt),
  }))
}

/** The text of a task. Two texts differ from their first byte on. */
function taskText(task: number): string {
  return `${task} is your task. [[say: done ${task}]]`
}

function commonStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
