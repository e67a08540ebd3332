import { z } from 'zod'

/** An error or a warning, as Terraform's `-json` prints it. */
export const Diagnostic = z.object({
  severity: z.enum(['error', 'warning']),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().optional(),
  range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).optional(),
  snippet: z.object({ context: z.string().nullish(), code: z.string() }).optional()
})

export type Diagnostic = z.output<typeof Diagnostic>

const Message = z.object({
  '@message': z.string(),
  type: z.string().default('log'),
  diagnostic: Diagnostic.optional()
})

export type Message = z.output<typeof Message>

/** Messages that repeat what the plan shows, or what is printed at the end. */
const silent = ['version', 'planned_change', 'resource_drift', 'outputs']

/**
 * Reads a line of Terraform's `-json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui. A line that is no JSON
 * is a message as well: a crash prints such lines.
 */
export function readMessage(line: string): Message {
  try {
    return Message.parse(JSON.parse(line))
  } catch {
    return { '@message': line, type: 'log' }
  }
}

/** A message as Terraform prints it for a person, or nothing. */
export function printedDiagnostic({ '@message': text, type, diagnostic }: Message): string {
  if (diagnostic !== undefined) return boxed(diagnostic)
  return silent.includes(type) ? '' : `${text}\n`
}

function boxed({ severity, summary, detail, address, range, snippet }: Diagnostic): string {
  const where = [
    ...(address === undefined ? [] : [`  with ${address},`]),
    ...(range === undefined ? [] : [`  on ${range.filename} line ${range.start.line}${within(snippet?.context)}:`]),
    ...(snippet === undefined ? [] : [`   ${range?.start.line ?? ''}: ${snippet.code}`])
  ]
  const lines = [
    `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`,
    ...(where.length === 0 ? [] : ['', ...where]),
    ...(detail === '' ? [] : ['', ...detail.split('\n')])
  ]
  return ['╷', ...lines.map(line => `│ ${line}`.trimEnd()), '╵', ''].join('\n')
}

function within(context: string | null | undefined): string {
  return context ? `, in ${context}` : ''
}
