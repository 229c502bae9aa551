/**
 * Tools whose work outlives `/clear`, in 2.1.329: what they scheduled or left running speaks in the next task, the mode
 * or the worktree that they entered stays, and other sessions are reached by them.
 */
export const toolsThatOutliveReset = [
  ...['CronCreate', 'CronDelete', 'CronList', 'ScheduleWakeup', 'Monitor', 'Workflow'],
  ...['EnterPlanMode', 'ExitPlanMode', 'EnterWorktree', 'ExitWorktree', 'ListAgents', 'SendMessage'],
] as const

/** Makes `claude` write no transcript of an ephemeral session, which can still be rewound. */
export const ephemeralClaudeArguments = ['--no-session-persistence'] as const

/** Switches off the memory that `claude` keeps for a folder, which would carry a task's words into the next. */
export const ephemeralClaudeVariables = { CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' } as const
