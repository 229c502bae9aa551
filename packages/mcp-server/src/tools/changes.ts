import {
  changeActionAnswerShape,
  changeActions,
  agentChangesShape,
  looseObjectSchema,
} from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeActionOnChanges, describeChanges } from '../answers/describe-changes.js'
import type { ChangeAction, ChangesPort } from '../ports/changes-port.js'
import { defineMcpTool, type McpToolAnswer, type McpToolContext } from '../mcp-tool.js'

const { folder, source, inPlace, files, patch, patchCut, tree, left } = agentChangesShape

/** The changes of an agent, or the result of an action on them, in structured content. */
const ChangesData = looseObjectSchema({
  agent: z.string().describe('id'),
  folder: folder.exactOptional(),
  source: source.exactOptional(),
  inPlace,
  files: z.optional(files),
  patch: patch.exactOptional(),
  patchCut,
  tree: tree.exactOptional(),
  left: z.optional(left),
  ...changeActionAnswerShape,
})

export const changesTool = defineMcpTool({
  name: 'changes',
  title: 'Changes',
  description: 'Diff of an agent; apply or undo it',
  annotations: { destructiveHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    action: z
      .enum(['show', ...changeActions])
      .optional()
      .describe('Default: show'),
    name: z.string().min(1).optional().describe('Branch'),
  }),
  output: ChangesData,
  run: async ({ agent_id, action = 'show', name }, context) => {
    const { changes: port } = context
    if (action === 'show') return show(agent_id, port, context)
    const answer = await port.act(agent_id, actionOf(action, name))
    const agents = findAgents(agent_id, context)
    const id = agents[0]?.profile.id ?? agent_id
    return {
      text: describeActionOnChanges(id, answer),
      data: () => ({ agent: id, ...answer }),
      agents,
      ...(answer.conflicts && { failed: true }),
    }
  },
})

async function show(
  word: string,
  port: ChangesPort,
  context: McpToolContext,
): Promise<McpToolAnswer<ChangesData>> {
  const changes = await port.show(word)
  const { id, ...shown } = changes
  const save = () => context.saveText(`${id}-changes`, changes.patch)
  return {
    text: describeChanges(changes, save),
    data: () => ({ agent: id, ...shown }),
    agents: findAgents(id, context),
  }
}
type ChangesData = z.infer<typeof ChangesData>

/** The agent that owns a worktree; undefined if the agent is deleted, or was ended by `discard`. */
function findAgents(word: string, { agents }: McpToolContext): readonly Agent[] {
  try {
    return [agents.find(word)]
  } catch (error) {
    if (error instanceof SubagentError) return []
    throw error
  }
}

function actionOf(action: (typeof changeActions)[number], name: string | undefined): ChangeAction {
  if (action !== 'branch' && name === undefined) return { type: action }
  if (action === 'branch' && name !== undefined) return { type: 'branch', name }
  throw new SubagentError(
    'invalid-parameter',
    `action ${action} ${name === undefined ? 'needs' : 'takes no'} name`,
    {
      hint: 'give name with action branch, and only with it',
    },
  )
}
