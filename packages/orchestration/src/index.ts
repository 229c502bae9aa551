export { reportNotice } from './answer-event.js'
export { directToolMatcher, type HookedHost } from './direct-tools.js'
export { denialTexts, modeDirective, modeReminder } from './directives.js'
export { createModeService, type ModeService, type ModeStatus, type ProjectMode } from './mode-service.js'
export { type ModeEntry } from './mode-file.js'
export { openModeStore, type ModeStore } from './mode-store.js'
export { runHook, type HookOptions } from './run-hook.js'
export { runWatcher, type WatcherOptions } from './run-watcher.js'
export {
  hasReports,
  readWaitingAgents,
  writeWaitingAgents,
  type ProjectSession,
  type WaitingSession,
} from './waiting-agents.js'
export {
  hasStatus,
  readSessionStatus,
  runStatusLine,
  writeSessionStatus,
  type SessionStatus,
  type StatusLineOptions,
} from './status-line.js'
export { countedWakes, expectWake, mayWake, writeWakeLimit } from './wakes.js'
export { noticedReports, storeReportNotice } from './told-sessions.js'
export { readWaitingMail, writeWaitingMail, type MailAddress, type WaitingMail } from './waiting-mail.js'
