import { z } from 'zod'
import { shapedText } from '../../probe/config/shaped-text.ts'

// https://cloud.google.com/compute/docs/labeling-resources#requirements
const find = 'Google Cloud takes up to 63 lower-case letters, digits, _ and -'

/** Labels for every Google Cloud resource of an environment that takes labels. */
export const GcpLabels = z.record(
  shapedText({ pattern: /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, is: 'a label key such as cost-center', find }),
  shapedText({ pattern: /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u, is: 'a label value such as search-team', find })
)
