/** The CLI's own tools, of 2.1.329 and of 2.1.197, on all machines. A name in another case is no name to it. */
export const knownTools: readonly string[] = [
  ...['Agent', 'AskUserQuestion', 'Bash', 'BashOutput', 'CronCreate', 'CronDelete', 'CronList', 'Edit'],
  ...['EnterPlanMode', 'EnterWorktree', 'ExitPlanMode', 'ExitWorktree', 'Glob', 'Grep', 'KillShell', 'LSP'],
  ...['ListAgents', 'ListMcpResourcesTool', 'Monitor', 'NotebookEdit', 'PowerShell', 'PushNotification'],
  ...['REPL', 'Read', 'ReadMcpResourceTool', 'RemoteTrigger', 'ReportFindings', 'ScheduleWakeup'],
  ...['SendMessage', 'SendUserFile', 'Skill', 'SlashCommand', 'StructuredOutput', 'Task', 'TaskCreate'],
  ...['TaskGet', 'TaskList', 'TaskOutput', 'TaskStop', 'TaskUpdate', 'TodoWrite', 'ToolSearch', 'WebFetch'],
  ...['WebSearch', 'Workflow', 'Write'],
]
