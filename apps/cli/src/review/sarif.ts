import type { CodeReview } from '@subagent-mcp/api'
import { version } from '../version.js'

const levels = { high: 'error', medium: 'warning', low: 'note' } as const

/**
 * A review in the form SARIF 2.1.0 (OASIS), which editors and code hosts show beside the lines. Paths are relative to the folder
 * of the review.
 */
export function reviewAsSarif({ findings }: CodeReview, reviewer: string): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'subagent-mcp review',
            semanticVersion: version,
            informationUri: 'https://github.com/subagent-mcp/subagent-mcp',
            rules: [{ id: 'review', shortDescription: { text: `A finding of ${reviewer}` } }],
          },
        },
        results: findings.map(({ file, line, severity, title, why }) => ({
          ruleId: 'review',
          level: levels[severity],
          message: { text: `${title}\n\n${why}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: line },
              },
            },
          ],
        })),
      },
    ],
  }
}
