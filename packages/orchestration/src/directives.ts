import type { DeniedToolKind } from './direct-tools.js'

/** The directive of orchestration mode, which a session gets once after the mode is turned on. */
export const orchestrationDirective = `Orchestration mode of subagent-mcp is on in this project: you plan and decide, agents do the work.
- Split the task into atomic steps with one task_category each. Give each step to an agent: \`launch_agent\`, or \`invoke\` for one that is defined here. It sees nothing but the prompt: name files, constraints and what to report.
- Launch independent steps together; two agents must not write the same files.
- Then \`wait\`, which blocks until they report; do not poll. \`send_message\` is for a follow-up, also when a report is not good enough.
- Yourself you may read and search with read-only tools, ask the user, plan, keep a to-do list, and use tools of MCP servers. Edits, shell commands and your own sub-agents are denied.
- Only the user turns it off (\`subagent-mcp mode off\`); a denied call is no reason to.`

export const orchestrationReminder =
  'Orchestration mode is on: delegate each step with `launch_agent` or `invoke` of subagent-mcp, then `wait`. Edits, shell commands and your own sub-agents are denied.'

const instead =
  'Give this step to an agent: `launch_agent` of subagent-mcp with its task_category, or `invoke` for one that is defined here; then `wait` for its report. Only the user turns the mode off (`subagent-mcp mode off`).'

/** The reasons that a host's model gets for denied tool calls. */
export const toolDenialTexts: Record<DeniedToolKind, string> = {
  edit: `Orchestration mode is on: you change no files yourself. ${instead}`,
  shell: `Orchestration mode is on: you run no commands yourself. ${instead}`,
  launcher: `Orchestration mode is on: agents of your own are not used. ${instead}`,
}
