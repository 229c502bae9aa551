export { checkDefinitionAbilities, type DriverForDefinition } from './check-definition-abilities.js'
export { composeAgentPrompt, estimateTokenCount } from './compose-agent-prompt.js'
export { hashDefinition } from './definition-hash.js'
export {
  isProviderPlaceholder,
  type AgentDefinition,
  type SkillOrExpertise,
  type DefinitionPoolSettings,
} from './definition.js'
export { findDefinition, listDefinitions, type ListedDefinition } from './find-definition.js'
export { createDefinitionText } from './create-definition-text.js'
export { findYamlOffset } from './reading/yaml-offset.js'
export { parseFrontmatter } from './reading/parse-frontmatter.js'
export { watchDefinitionFolders } from './watch-definition-folders.js'
export {
  listSearchFolders,
  getUserConfigFolder,
  getUserHomeFolder,
  type DefinitionFolder,
  type SearchFolders,
} from './search-folders.js'
export { readDefinitionText } from './reading/read-definition-text.js'
