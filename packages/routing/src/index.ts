export { formatCandidate, formatProviderModel, type RouteCandidate } from './route-candidate.js'
export { chooseCandidates, type RouteChoice } from './choose-candidates.js'
export { defaultRoutingTable } from './default-routing-table.js'
export { explainRoute, type ExplainedCandidate, type RouteExplanation } from './explain-route.js'
export { mergeRoutingTables } from './merge-routing-tables.js'
export { parseRoutingTable } from './parse-routing-table.js'
export { resolveCandidateModel, type CandidateModel } from './resolve-candidate-model.js'
export {
  type RankedCandidate,
  type RoutingTable,
  type RankSource,
  type RouteOverride,
} from './routing-table.js'
export { createMissingDriverFailure } from './missing-driver-failure.js'
export { type FindCandidateObstacle, type RouteQuery } from './rank-route-candidates.js'
