export const usageGroupings = [
  'provider',
  'model',
  'account',
  'project',
  'definition',
  'day',
  'agent',
] as const

export type UsageGrouping = (typeof usageGroupings)[number]
