import { z } from 'zod'
import { AgentSummarySchema } from '../agent-schema.js'
import { httpDeleteDefaults, httpGetDefaults, httpPostDefaults, type Endpoint } from '../endpoint.js'

/** The lifetime of a page's code, in seconds. */
export const dashboardOneTimeCodeLifetimeSeconds = 60

/** The data of an `agents` event of `pageEvents`: the agents that have changed, and the ids of those that were deleted. */
export const ChangedAgentsEvent = z.looseObject({
  agents: z.array(AgentSummarySchema),
  gone: z.array(z.string()),
})
export type ChangedAgentsEvent = z.infer<typeof ChangedAgentsEvent>

/** Endpoints of the page that people open with `subagent-mcp ui`. All but `openPage` are served only at the page's own port. */
export const dashboardPageEndpoints = {
  openPage: {
    ...httpPostDefaults,
    path: '/v1/page',
    summary: `Serve the page on loopback; answers with a code that opens it once, within ${dashboardOneTimeCodeLifetimeSeconds} s`,
    body: z.strictObject({
      port: z
        .number()
        .int()
        .min(1)
        .max(65_535)
        .describe('default: the present one, else any')
        .exactOptional(),
      cwd: z.string().min(1).describe("the caller's folder, in which launches from the page start"),
      environment: z
        .record(z.string(), z.string())
        .describe('of the agents that the page launches or resumes; kept only in memory, never returned'),
      pid: z.number().int().positive().describe('of the process that sends the request').exactOptional(),
    }),
    answer: z.looseObject({ port: z.number(), code: z.string() }),
  },
  startPageSession: {
    ...httpPostDefaults,
    path: '/v1/page/session',
    summary: 'Exchange a code for the token of a page; a code that comes twice ends the session it began',
    body: z.strictObject({ code: z.string() }),
    answer: z.looseObject({ token: z.string(), cwd: z.string(), version: z.string() }),
  },
  endPageSession: {
    ...httpDeleteDefaults,
    path: '/v1/page/session',
    summary: 'End the session of a page: its token is refused from then on',
    answer: z.looseObject({}),
  },
  pageEvents: {
    ...httpGetDefaults,
    path: '/v1/page/events',
    summary:
      'Changed agents as `agents` events, and the facts about one agent; at most 20 writes in a second',
    produces: 'text/event-stream',
    query: z.strictObject({
      agent: z.string().describe('the facts about this agent too').exactOptional(),
      after: z.coerce.number().int().min(0).describe('only facts after this number').exactOptional(),
    }),
    answer: z.string(),
  },
} as const satisfies Record<string, Endpoint>
