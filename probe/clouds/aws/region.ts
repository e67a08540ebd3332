import { shown } from '../../schema/mistakes.ts'
import { shapedText } from '../../schema/shaped-text.ts'

/** A region in AWS's own spelling. Any of that form: AWS opens new ones faster than a list is kept. */
export const AwsRegion = shapedText({
  pattern: /^[a-z]{2}(-[a-z]+)+-\d+$/,
  is: 'an AWS region such as us-west-2',
  find: 'Give the region, not a zone of it.',
  slip: given =>
    given.startsWith('aws-')
      ? `must be AWS's own spelling, got ${shown(given)}. Write ${given.slice('aws-'.length)}.`
      : undefined
})
