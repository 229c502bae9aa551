import { openBenchStage } from '../bench-stage.js'
import type { Figure } from '../figure.js'

/** UTF-8 bytes that all tools and the instructions add to a host's context, without output schemas, which hosts do not put there. */
export async function toolWeight(): Promise<Figure[]> {
  const { host, close } = await openBenchStage(undefined, { tools: 'all' })
  const { tools } = await host.client.listTools()
  const inPrompts = tools.map(({ outputSchema, ...tool }) => tool)
  const text = JSON.stringify(inPrompts) + (host.client.getInstructions() ?? '')
  await close()
  const bytes = Buffer.byteLength(text)
  return [
    {
      name: `tools/list and instructions, ${tools.length} tools`,
      unit: 'bytes',
      n: 1,
      ours: bytes,
      limit: { type: 'amount', most: 7700 },
      note: `about ${Math.round(bytes / 4)} tokens at 4 bytes a token`,
    },
  ]
}
