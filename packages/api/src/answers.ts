import { z } from 'zod'
import { AgentSummarySchema, FailureSchema } from './agent-schema.js'
import { listOf } from './loose-object.js'
import { MailboxHealthSchema } from './mail-schema.js'
import { PendingQuestion, PermissionRecordSchema } from './permission-schema.js'
import { ListedAgentSchema, PooledProcessSchema } from './pool-schema.js'

/** How the daemon is. The request that asks does not count as a connection. */
export const Health = z.looseObject({
  version: z.string(),
  pid: z.number(),
  startedAt: z.number().describe('Unix milliseconds'),
  uptimeSeconds: z.number(),
  agents: z.looseObject({ running: z.number(), alive: z.number(), total: z.number() }),
  queue: z.number().describe('agents that wait for room'),
  draining: z.boolean().describe('it is about to end: no turn begins any more'),
  connections: z.number(),
  hosts: z.number().describe('the connections that are hosts of agents'),
  workers: z.number().describe('attendances that are open').exactOptional(),
  journal: z.looseObject({ path: z.string(), bytes: z.number() }),
  mailbox: MailboxHealthSchema.exactOptional(),
  configProblem: z.string().describe('why the settings hold only in part').exactOptional(),
})
export type Health = z.infer<typeof Health>

const agent = AgentSummarySchema

/** Agents, the oldest launch first. */
export const Agents = z.looseObject({ agents: z.array(agent) })

/** An agent with its texts: its first prompt, and what it said in its running turn, else in its last. */
export const AgentDetail = z.looseObject({ agent, prompt: z.string().exactOptional(), said: z.string() })
export type AgentDetail = z.infer<typeof AgentDetail>

const position = z.number().describe('the nth in line').exactOptional()
const lack = z.string().describe('why the machine has no room yet').exactOptional()

/** `repeated`: an earlier order with the same request id launched it. */
export const Launched = z.looseObject({ agent, repeated: z.boolean(), position, lack })
export type Launched = z.infer<typeof Launched>

/** What became of a task. One that asks goes on when it is answered, as any agent does. */
export const Invoked = z.looseObject({
  agent,
  state: z.enum(['asks', 'finished', 'errored', 'interrupted', 'stopped']),
  answer: z.string().describe('what was said, once it is over').exactOptional(),
  failure: FailureSchema.exactOptional(),
})
export type Invoked = z.infer<typeof Invoked>

/** The definitions that hold where it was asked, by name. */
export const PoolList = z.looseObject({ agents: listOf(ListedAgentSchema) })
export type PoolList = z.infer<typeof PoolList>

/** A process that waits for a task. */
export const WarmedUp = z.looseObject({ process: PooledProcessSchema })
export type WarmedUp = z.infer<typeof WarmedUp>

/** How many processes were ended, with the tasks that they worked on. */
export const PoolReset = z.looseObject({ ended: z.number() })
export type PoolReset = z.infer<typeof PoolReset>

/** What became of a message. `queued` is the agent's own line; a `lack` makes the position one in the machine's. */
export const Sent = z.looseObject({
  outcome: z.enum(['started', 'steered', 'queued', 'resumed']),
  position,
  lack,
  agent,
})
export type Sent = z.infer<typeof Sent>

/** Which question was answered. */
export const Answered = z.looseObject({
  agent,
  answered: z.looseObject({ requestId: z.string(), tool: z.string() }),
})
export type Answered = z.infer<typeof Answered>

/** What all agents ask, the oldest question first. */
export const Permissions = z.looseObject({ permissions: z.array(PendingQuestion) })

/** The newest lines of the audit log, oldest first. */
export const PermissionLog = z.looseObject({ records: z.array(PermissionRecordSchema) })

/** `interrupted` is false when no turn ran. */
export const Interrupted = z.looseObject({ agent, interrupted: z.boolean() })
export type Interrupted = z.infer<typeof Interrupted>

/** `command` goes on with the session in the CLI itself, where it has one for this. */
export const Released = z.looseObject({ agent, command: z.array(z.string()).exactOptional() })
export type Released = z.infer<typeof Released>

/** An agent of which no process is left. */
export const Killed = z.looseObject({ agent })
export type Killed = z.infer<typeof Killed>

/** The named agents as they are when the wait is over. */
export const Waited = z.looseObject({
  timedOut: z.boolean(),
  agents: z.array(agent),
  answers: z
    .record(z.string(), z.string())
    .describe(
      'what has been said in the newest turn, by id: with `answers` by all, else by tasks that nobody else waits for; these are forgotten with this answer',
    ),
})
export type Waited = z.infer<typeof Waited>

/** The ids of the agents that are forgotten. */
export const Pruned = z.looseObject({ removed: z.array(z.string()) })
export type Pruned = z.infer<typeof Pruned>

/** Whether the daemon ends: not where it may only do so unused, and is used. */
export const Stopping = z.looseObject({ stops: z.boolean() })
export type Stopping = z.infer<typeof Stopping>
