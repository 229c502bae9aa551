/**
 * The keys of a `settings.json` (Gemini 0.61.0) that a project may set: they start no program, open no connection and
 * allow nothing. A key stands for all below it. Whatever is not here counts as harmful.
 */
export const harmlessKeys: ReadonlySet<string> = new Set([
  '$schema',
  ...['ui', 'output', 'useWriteTodos', 'general.vimMode', 'general.preferredEditor', 'general.plan.enabled'],
  ...['general.maxAttempts', 'general.retryFetchErrors', 'general.topicUpdateNarration'],
  ...['model.name', 'model.maxSessionTurns', 'model.compressionThreshold', 'model.disableLoopDetection'],
  ...['model.summarizeToolOutput', 'model.skipNextSpeakerCheck'],
  ...['context.importFormat', 'context.includeDirectoryTree', 'context.discoveryMaxDirs'],
  ...['respectGitIgnore', 'respectGeminiIgnore', 'enableRecursiveFileSearch', 'enableFuzzySearch'].map(
    (key) => `context.fileFiltering.${key}`,
  ),
  ...['tools.core', 'tools.exclude', 'tools.confirmationRequired', 'tools.truncateToolOutputThreshold'],
  ...['mcp.allowed', 'mcp.excluded', 'skills.enabled', 'skills.disabled'],
  ...['security.disableYoloMode', 'security.disableAlwaysAllow', 'hooksConfig.disabled'],
  // The names of an earlier format, which this version does not read.
  ...['theme', 'vimMode', 'preferredEditor', 'coreTools', 'excludeTools', 'usageStatisticsEnabled'],
])

/**
 * What may lie in a project's `.gemini` beside `settings.json`: text that the CLI gives to its model, or does not read.
 * A slash command runs only when it is typed, and a sub-agent of a project only after the user has accepted it.
 */
export const harmlessEntries = /^(?:[^.].*\.(?:md|ya?ml)|\.gitignore|\.gitkeep|commands|skills|agents|hooks)$/
