export { formatReportNotice } from './answer-event.js'
export { createDeniedToolMatcher, type HookedHost } from './direct-tools.js'
export { toolDenialTexts, orchestrationDirective, orchestrationReminder } from './directives.js'
export {
  createModeService,
  type ModeService,
  type ModeStatus,
  type ClientProjectMode,
} from './mode-service.js'
export { type StoredOrchestrationMode } from './mode-file.js'
export { openModeStore, type ModeStore } from './mode-store.js'
export { runHook, type HookOptions } from './run-hook.js'
export { runReportWatcher, type ReportWatcherOptions } from './run-report-watcher.js'
export {
  hasUnreadReports,
  readUnreadReportsForHooks,
  writeUnreadReportsForHooks,
  type ProjectHostSession,
  type SessionWithReports,
} from './unread-reports.js'
export {
  hasAgentCounts,
  readSessionAgentCounts,
  runStatusLine,
  writeSessionAgentCounts,
  type SessionAgentCounts,
  type StatusLineOptions,
} from './status-line.js'
export {
  countUnpromptedTurns,
  expectUnpromptedTurn,
  mayStartUnpromptedTurn,
  writeUnpromptedTurnLimit,
} from './unprompted-turns.js'
export { readNoticedReportKeys, storeReportNotice } from './session-notices.js'
export {
  readWaitingMailForHooks,
  writeWaitingMailForHooks,
  type MailAddress,
  type WaitingMail,
} from './waiting-mail.js'
