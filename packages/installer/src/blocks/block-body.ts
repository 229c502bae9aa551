/** The version of the block's text; it is raised with every change of the text. */
export const managedBlockVersion = 1

/** The text of our block, which tells a model when to delegate and with which tools. Hosts send the block with each request. */
export const managedBlockText = `## Delegating with subagent-mcp

The \`subagent-mcp\` tools start coding agents of other models as sub-agents, in sessions of their own.

Delegate what can be described on its own: a search through much code, a bounded change, a review, a second opinion, several such tasks at once. Do yourself what is one quick step, or needs this whole conversation.

- \`launch_agent\`: one atomic task with its \`task_category\`. The agent sees nothing but the prompt: give files, constraints and what to report. Launch independent tasks together; two agents must not write the same files.
- \`wait\`: blocks until they report. Wait instead of polling; \`poll_agent\` and \`list_agents\` are for a glance.
- \`send_message\`: a follow-up to an agent that knows the matter already.
- \`respond_permission\`: answers what an agent asks for. \`kill_agent\`: ends what is no longer needed.
- \`list\` and \`invoke\`: agents defined for this project, kept warm, for a task and its answer.

Check what an agent reports before you build on it. An agent works in your folder, so look at the diff.`
