import { defineCommand } from '../../command/define-command.js'
import { choice } from '../../command/values.js'

/** What hosts run for their hooks. `bin/subagent-mcp.js` answers it from a bundle of its own; this is its help. */
export const hook = defineCommand(
  {
    description: 'Answer a hook of a host; hosts run this, not people',
    details: ['Prints nothing while orchestration mode is off.'],
    words: { host: choice(['claude', 'codex', 'gemini'], 'The host').exactOptional() },
  },
  () => Promise.resolve(),
)
