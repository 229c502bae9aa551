import {
  createLaunchOptionRuleCheck,
  getLaunchOptionSchemas,
  readonlyListSchema,
  looseObjectSchema,
} from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { formatCandidate } from '@subagent-mcp/routing'
import { z } from 'zod'
import { AgentData, toAgentData } from '../answers/agent-data.js'
import { formatAgentHeading } from '../answers/describe-agent.js'
import { describeLaunchNotes, describeSkippedProviders } from '../answers/describe-route.js'
import { describeQueuePlace, queuePlaceSchema } from '../answers/describe-queue-place.js'
import { fromMcpParamNames, toMcpParamName, toMcpParamNames } from './mcp-param-names.js'
import { defineMcpTool } from '../mcp-tool.js'

const options = getLaunchOptionSchemas('mcp')

export const launchAgentTool = defineMcpTool({
  name: 'launch_agent',
  title: 'Launch agent',
  description: 'Start an agent on one atomic task. Returns its id.',
  annotations: { destructiveHint: true, openWorldHint: true },
  launches: true,
  input: z.strictObject(toMcpParamNames(options)).superRefine(createLaunchOptionRuleCheck(toMcpParamName)),
  output: looseObjectSchema({
    agent: AgentData,
    repeated: z.boolean().describe('an earlier call with this request_id launched it'),
    ...queuePlaceSchema,
    headroom: z.string().describe('what is left of the account limits').exactOptional(),
    notes: readonlyListSchema(z.string()).describe('where the launch differs from its options'),
  }),
  run: async (input, context) => {
    const { agents, traceparent } = context
    const launched = await agents.launch({
      ...fromMcpParamNames(options, input),
      ...omitUndefined({ traceparent }),
    })
    const { agent, repeated, waiting, headroom } = launched
    const { route, notes } = agent
    const what = repeated
      ? `request_id known: it launched ${formatAgentHeading(agent)} earlier`
      : `launched ${formatAgentHeading(agent)} on ${formatCandidate(route.current)}`
    const lines = [
      what,
      ...(waiting ? [describeQueuePlace(waiting)] : []),
      ...describeLaunchNotes(notes),
      ...describeSkippedProviders(agent),
      ...(headroom === undefined ? [] : [`headroom: ${headroom}`]),
      'next: wait (or launch more first)',
    ]
    return {
      text: lines.join('\n'),
      data: () => ({
        agent: toAgentData(agent, context),
        repeated,
        ...waiting,
        ...omitUndefined({ headroom }),
        notes,
      }),
      agents: [agent],
    }
  },
})
