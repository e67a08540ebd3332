import type { z } from 'zod'
import type { Asked } from '../../../causes/asked.ts'
import type { AwsAction } from './actions.ts'

/** Makes a call, and takes of its answer what has a form. */
export type AskAws = <Answer>(
  action: AwsAction,
  about: object,
  send: (signal: AbortSignal) => Promise<unknown>,
  form: z.ZodType<Answer>
) => Promise<Asked<Answer>>

export type AskPage<Element> = (
  token: string | undefined
) => Promise<Asked<{ readonly of: readonly Element[]; readonly next: string | undefined }>>

/** Reads a list page by page. */
export type ReadPages = <Element>(action: AwsAction, page: AskPage<Element>) => Promise<Asked<readonly Element[]>>

/** Where a list goes on. */
export const pageFrom = (token: string | undefined) => (token === undefined ? {} : { NextToken: token })
