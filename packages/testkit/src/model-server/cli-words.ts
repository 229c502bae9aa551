/** Returns a block of user content without the text that claude, codex and gemini add themselves. */
export function userTypedText(block: string): string {
  return ownWords.reduce((rest, pattern) => rest.replace(pattern, '').trim(), block.trim())
}

const tags = [
  'system-reminder',
  'local-command-caveat',
  'local-command-stdout',
  'local-command-stderr',
  'command-name',
  'command-message',
  'command-args',
  'environment_context',
  'user_instructions',
  'turn_aborted',
  'session_context',
  'hook_context',
]

const ownWords = [
  new RegExp(`<(${tags.join('|')})>[\\s\\S]*?</\\1>`, 'g'),
  /^# AGENTS\.md instructions[\s\S]*<\/INSTRUCTIONS>/,
  /^\[Request interrupted by user( for tool use)?\]$/,
  /^Your response above was cut off mid-stream\. Resume directly[^\n]*$/,
  /^\[Your previous response had no visible output\.[^\n]*\]$/,
  /^\[System: You previously returned an empty response[^\n]*\]$/,
  /^\[Image: source: [^\n]*\]$/,
  /^<\/?image\b[^\n]*>$/,
  /^# Workflow authoring reference[\s\S]*$/,
  /^This session is being continued from a previous conversation[\s\S]*$/,
  /^Another language model started to solve this problem[\s\S]*$/,
]

/** Returns the steering messages in a block, which claude puts into a note or a tool result, and the notification of a turn that claude starts by itself. */
export function steeringTexts(block: string): string[] {
  return [steered, notified].flatMap((pattern) =>
    [...block.matchAll(pattern)].map(([, text = '']) => text.trim()),
  )
}

const notified =
  /\[SYSTEM NOTIFICATION - NOT USER INPUT\][\s\S]*?(<task-notification>[\s\S]*?)<\/system-reminder>/g

const steered =
  /The user sent a new message while you were working:\n([\s\S]*?)\n\n(?:This is how Claude Code surfaces messages|IMPORTANT: After completing your current task)/g
