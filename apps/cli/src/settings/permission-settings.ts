import { permissionPresets } from '@subagent-mcp/contract'
import { checkPermissionRule, type PermissionRule } from '@subagent-mcp/permissions'
import { isAbsolute } from 'node:path'
import { z } from 'zod'

export const ConfigPermissionPreset = z.enum(permissionPresets)

const RuleText = z.string().transform((text, context): PermissionRule => {
  const read = checkPermissionRule(text)
  if (read.type === 'rule') return read.rule
  context.addIssue({ code: 'custom', message: read.problem })
  return z.NEVER
})

const TestCommand = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !/^bash\s*\(/i.test(text), 'write the command alone, as npm test:*')

/** Commands that run a project's tests, by the folder in which they are allowed: absolute, below `~/`, or `*` for all. */
const TestCommands = z.record(z.string(), z.array(TestCommand)).superRefine((commands, context) => {
  for (const folder of Object.keys(commands)) {
    if (folder === '*' || folder.startsWith('~/') || isAbsolute(folder)) continue
    const message = `'${folder}' is no folder: write it from the root, as /home/me/app or ~/app, or * for all`
    context.addIssue({ code: 'custom', path: [folder], message })
  }
})

/** The user's rules for tool calls of agents, and what happens to permission requests without an answer. */
export const PermissionSettings = z.strictObject({
  preset: ConfigPermissionPreset.default('ask').describe(
    'The preset of launches that set none, up to `ceiling`.',
  ),
  deny: z.array(RuleText).default([]).describe('Rules for calls that are denied.'),
  ask: z.array(RuleText).default([]).describe('Rules for calls that need permission.'),
  allow: z.array(RuleText).default([]).describe('Rules for calls that are allowed.'),
  testCommands: TestCommands.default({}).describe(
    'Commands that run the tests, by the folder of the project or * for all; allowed in the preset ask and higher.',
  ),
  deadlineMinutes: z
    .number()
    .positive()
    .max(1440)
    .default(5)
    .describe('How long a permission request waits for an answer.'),
  unanswered: z
    .enum(['park', 'deny'])
    .exactOptional()
    .describe(
      'What happens after the deadline: deny denies the request, park keeps it open. Without it: park where a person launched the agent, else deny.',
    ),
})
