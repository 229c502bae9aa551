import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { stringify } from 'yaml'
import { isDocumentFileName, isDefinitionName, definitionNameRule } from './definition-name.js'

/** The text of a new definition file, with all keys as comments. @throws SubagentError `invalid-parameter` */
export function createDefinitionText(
  name: string,
  { provider, description }: { provider?: string; description?: string } = {},
): string {
  if (!isDefinitionName(name) || isDocumentFileName(name)) {
    throw new SubagentError('invalid-parameter', `no agent can be called '${name}'`, {
      hint: isDocumentFileName(name)
        ? `${name}.md is taken for a document, not for an agent`
        : definitionNameRule,
    })
  }
  const keys = {
    name,
    description: description ?? 'What the agent is for, in a sentence: by it callers choose.',
    ...omitUndefined({ provider }),
  }
  return `---\n${stringify(keys, { lineWidth: 0 })}${furtherKeys}---\n\n${body}`
}

const furtherKeys = `# provider: claude            # or any: the best one here for task_category; other: never that of the caller
# model: inherit              # the provider's default
# effort: medium              # low, medium, high, xhigh, max, ultracode
# permissionMode: default     # asks; or acceptEdits, dontAsk (reads only), bypassPermissions
# deny: [Bash(git push:*)]    # rules of what it may not do
# ask: [Edit(package.json)]   # and of what it must ask for
# tools: [Read, mcp__github]  # these alone, in the provider's own words
# disallowedTools: [Bash]
# maxTurns: 20
# outputSchema: { type: object } # a JSON Schema that its answers match
# mcpServers: [github]        # names of yours, inherit for all, or servers as in .mcp.json
# skills: [style-guide]       # .claude/skills/style-guide/SKILL.md, …
# expertise: [billing]
# optional: [billing]         # of them, those that may be missing
# cwd: packages/api           # relative to the project
# env: [DATABASE_URL]         # further variables that its pooled processes get
# timeout: 300                # seconds
# pool: { max: 4, recycleAfterTasks: 200 }
# prime: { prompt: Read these files first., files: [docs/map.md] }
`

const body = `You are a careful senior engineer.

Say what to do, how to do it, and what the answer must contain.
`
