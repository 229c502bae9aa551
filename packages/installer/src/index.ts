export { managedBlockText } from './blocks/block-body.js'
export { type BlockChange, type BlockPlan } from './blocks/plan-blocks.js'
export { type BlockOutcome } from './blocks/write-blocks.js'
export { type CodexTrustAnswer } from './codex-trust/ask-codex.js'
export { createCodexHookTrust, type CodexHookTrust, getCodexTrustFilePath } from './codex-trust/hook-trust.js'
export { createUnifiedDiff } from './diff.js'
export { isDataTable, getValueAt } from './edit/value.js'
export { readTextFileOrRefuse, type TextFile } from './file/read-text.js'
export { findHostsWithOurHooks } from './hooked-hosts.js'
export { hasUserStatusLine } from './hosts/claude-code.js'
export { codexHooksFilePath, codexHooksFileFormat } from './hosts/codex.js'
export { forwardedVariables } from './hosts/forwarded-names.js'
export type { FileChange, Host, HostId, HostMachine, HostSetup } from './hosts/host.js'
export { hosts } from './hosts/hosts.js'
export { listNoticeWaysOfMode, getMainModeOfHost } from './notice-ways.js'
export { pluginFlag } from './hosts/server-entry.js'
export { describeThisMachine, type MachineOptions } from './hosts/this-machine.js'
export { init, type InitOptions, type InitPlan } from './init.js'
export { createCodexWakeChange, createTestCommandsChange, createWorktreeSetUpChange } from './own-settings.js'
export {
  planFileChanges,
  type PlannedFile,
  type FilePlanStep,
  type RefusedChange,
  reverseChange,
} from './plan.js'
export { findInstalledPlugins, type InstalledPlugin } from './plugins/installed-plugins.js'
export { parseHostFile } from './read-data.js'
export { isHostSetUp } from './records/is-set-up.js'
export { createRunName, openRecords, parseRunName, type Records } from './records/records.js'
export { type SetupChoice } from './records/records-data.js'
export { isOurPartLeft, type RecordedFileUndo } from './records/undo-recorded.js'
export {
  refreshSetup,
  type SetupFileRefresh,
  type OutdatedSetupFile,
  type RefreshOptions,
} from './refresh.js'
export { rollback, type RollbackOptions, type RollbackPlan } from './rollback.js'
export {
  setup,
  createHostSetup,
  chooseHostsToSetUp,
  chooseStatusLine,
  type SetupOptions,
  type SetupPlan,
  type SetupResult,
} from './setup.js'
export { uninstall, type UninstallPlan, type UninstallOptions } from './uninstall.js'
export { switchRelease, reinstallEarlierRelease, runProgram } from './releases/change-release.js'
export {
  findProgramInstallation,
  isInstalledFromRegistry,
  isTemporaryScriptPlace,
  type Installation,
} from './releases/installation.js'
export { createReleaseSource } from './releases/registry-source.js'
export { releaseQuerySeconds, type ReleaseSource } from './releases/release-source.js'
export {
  joinCommands,
  withCommandRunner,
  shareCommandTimeLimit,
  type TypedCommand,
  type CommandRunner,
} from './releases/run-command.js'
export {
  listLastingPathFolders,
  createProjectServerCommand,
  createServerCommandForHosts,
  type RunningProgram,
} from './releases/server-command.js'
export {
  hasServiceFile,
  installService,
  readServiceState,
  uninstallService,
} from './service/install-service.js'
export { getServiceManager } from './service/service-manager.js'
export { type ServiceCommand } from './service/service-text.js'
