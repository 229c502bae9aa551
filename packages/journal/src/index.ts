export { getMarkFilePath, openCommitMarks, type CommitMarks } from './commit-marks.js'
export { confirmDataLosses, describeDataLoss, readLosses, type DataLoss } from './losses.js'
export { isJournalInOrder, repairJournal } from './repair-journal.js'
export { inspectJournal, readLastMessageNumber, type JournalCheckResult } from './inspect-journal.js'
export { openJournal, type Journal, type JournalOptions } from './open-journal.js'
export { type AdoptedAgentFacts, type AgentClaimResult } from './owners.js'
export { type JournalOwner } from './owner.js'
export { type AuditLine, type AuditQuery } from './records.js'
export { readJournalAuditLog } from './read-records.js'
export { damagedFactType, type StoredFact, type JournalFactQuery, type NewFact } from './facts.js'
export {
  openMemoryUsageTable,
  type EndedTurnsOfAgent,
  type UsageGroup,
  type UsageTotals,
  type UsageTable,
} from './usage.js'
export { type NewSnapshots, type StoredSnapshot } from './snapshots.js'
export { type JournalRetention } from './retention.js'
export { openSearchIndex, type SearchBatch, type SearchIndex, type SearchSource } from './search-index.js'
export { type FoundPassage, type TextPassage, type SearchedAgent, type SearchWord } from './passages.js'
export { openMemoryStore, openStore, type Store } from './store.js'
