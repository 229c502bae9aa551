/** What a host tells its model about this server before any tool is read. */
export const instructions =
  'Delegates work to sub-agents: coding-agent sessions of their own, on CLIs signed in here. ' +
  'Split work into atomic tasks, launch independent ones together, then wait: no polling. ' +
  'Follow up with send_message, answer permission requests, kill what is done.'

/** What the category names leave open: shortened to what tells one from the next. */
export const categoryWords =
  'debugging: cause of a seen failure; quality_review: verdict on an artifact; ' +
  'architecture: design, no code; agentic_execution: act until a state is reached; ' +
  'knowledge_synthesis: prose over sources; mechanical: exact transform; fallback_default: none fits'
