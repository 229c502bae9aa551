export { getCommitMarkFilePath, openCommitMarks, type CommitMarks } from './commit-marks.js'
export { confirmDataLosses, describeDataLoss, readDataLosses, type DataLoss } from './data-losses.js'
export { isJournalSoundAndComplete, repairJournal } from './repair-journal.js'
export { inspectJournal, readLastMessageNumber, type JournalCheckResult } from './inspect-journal.js'
export { openJournal, type Journal, type JournalOptions } from './open-journal.js'
export { type AdoptedAgentFacts, type AgentClaimResult } from './journal-owners.js'
export { type JournalOwner } from './journal-owner.js'
export { type AuditLine, type AuditQuery } from './audit-lines.js'
export { readJournalAuditLog } from './read-journal-audit-log.js'
export { damagedFactType, type StoredFact, type JournalFactQuery, type NewFact } from './facts.js'
export {
  openMemoryUsageTable,
  type EndedTurnsOfAgent,
  type UsageGroup,
  type UsageTotals,
  type UsageTable,
} from './usage-table.js'
export {
  readSnapshotsOfFile,
  type LoadedSnapshots,
  type NewSnapshots,
  type StoredSnapshot,
} from './snapshots.js'
export { type JournalRetention } from './retention.js'
export {
  openSearchIndex,
  type SearchIndexBatch,
  type SearchIndex,
  type SearchIndexSource,
} from './search-index.js'
export { type FoundPassage, type TextPassage, type SearchedAgent, type SearchWord } from './passages.js'
export { openMemorySqliteStore, openSqliteStore, type SqliteStore } from './sqlite-store.js'
