import { z } from 'zod'
import { ResultGrade } from './checks/check-schema.js'
import { readonlyListSchema, looseObjectSchema } from './response-schemas.js'

/** The number of changed files of an agent in a worktree, and of its lines; binary files have no lines. */
export const changeCountShape = {
  files: z.number(),
  added: z.number().describe('lines'),
  removed: z.number().describe('lines'),
}
export type ChangeCount = { files: number; added: number; removed: number }

const ChangedFile = looseObjectSchema({
  path: z.string().describe('relative to the root of the repository'),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  from: z.string().describe('the earlier path of a renamed file').exactOptional(),
  added: z.number().describe('lines; missing for a binary file').exactOptional(),
  removed: z.number().describe('lines; missing for a binary file').exactOptional(),
})
export type ChangedFile = z.infer<typeof ChangedFile>

/** The keys of an agent's changes in its worktree that were not applied yet. */
export const agentChangesShape = {
  id: z.string().describe('of the worktree: that of its agent'),
  folder: z.string().describe('in which the agent works'),
  source: z.string().describe('the root of the checkout that `apply` writes to'),
  inPlace: z
    .literal(true)
    .describe('it works in the checkout itself: the changes can be undone, and need no apply')
    .exactOptional(),
  files: readonlyListSchema(ChangedFile),
  patch: z.string().describe('the diff'),
  patchCut: z.literal(true).describe('the end of the diff is missing').exactOptional(),
  tree: z.string().describe('the id of the git tree: equal ids mean equal files'),
  left: readonlyListSchema(z.string()).describe('what is not delivered or not undone, with the reason'),
}
/** The answer to `GET /v1/agents/{id}/changes`. */
export const AgentChanges = looseObjectSchema(agentChangesShape)
export type AgentChanges = z.infer<typeof AgentChanges>

export const changeActions = ['apply', 'discard', 'branch', 'undo', 'check'] as const

/** The keys of the answer to an action on changes. Exactly one of `applied`, `undone`, `conflicts`,
 * `discarded`, `branch` and `check` is set. */
export const changeActionAnswerShape = {
  applied: readonlyListSchema(ChangedFile)
    .describe('files that were written to the checkout')
    .exactOptional(),
  undone: readonlyListSchema(ChangedFile)
    .describe('files of the checkout in which the work was taken back')
    .exactOptional(),
  baseMoved: z
    .literal(true)
    .describe('the checkout had changed since the launch: the result is a merge')
    .exactOptional(),
  conflicts: readonlyListSchema(looseObjectSchema({ path: z.string(), reason: z.string() }))
    .describe('why nothing was applied or undone')
    .exactOptional(),
  discarded: z.literal(true).exactOptional(),
  check: looseObjectSchema({ grade: ResultGrade, why: readonlyListSchema(z.string()).exactOptional() })
    .describe('what the commands of `accept` found in the checkout')
    .exactOptional(),
  branch: looseObjectSchema({ name: z.string(), commit: z.string() }).exactOptional(),
}
/** The answer to `POST /v1/agents/{id}/changes`. */
export const ChangeActionAnswer = looseObjectSchema(changeActionAnswerShape)
export type ChangeActionAnswer = z.infer<typeof ChangeActionAnswer>

/** The body of `POST /v1/agents/{id}/changes`, which applies, discards, branches or undoes the changes of an agent, or checks them again. */
export const ChangeActionBody = z
  .strictObject({
    action: z.enum(changeActions),
    name: z.string().min(1).describe('of the new branch').exactOptional(),
    cwd: z.string().min(1).describe("the caller's folder"),
    environment: z.record(z.string(), z.string()).describe("the caller's; never logged, never returned"),
    pid: z.number().int().positive().describe('of the process that sends the request').exactOptional(),
  })
  .refine(({ action, name }) => (action === 'branch') === (name !== undefined), {
    message: 'give name with action branch, and only with it',
  })
export type ChangeActionBody = z.infer<typeof ChangeActionBody>

const ListedWorktree = looseObjectSchema({
  id: z.string().describe('of its agent'),
  agentName: z.string().exactOptional(),
  source: z.string().describe('the root of the checkout that it was made from'),
  path: z.string().describe('its folder, or for a packed one its git bundle'),
  createdAt: z.number().describe('Unix milliseconds'),
  state: z
    .enum(['unchanged', 'changed', 'packed', 'damaged'])
    .describe('changed: with changes that were neither applied nor discarded'),
  changedFiles: z.number(),
  bytes: z.number().describe('on disk'),
})
/** A worktree in the list of `GET /v1/worktrees`. */
export type ListedWorktree = z.infer<typeof ListedWorktree>

/** The answer to `GET /v1/worktrees`: the oldest worktree first. */
export const WorktreeList = looseObjectSchema({ worktrees: readonlyListSchema(ListedWorktree) })
