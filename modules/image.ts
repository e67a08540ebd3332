import { shown } from '../probe/config/mistakes.ts'
import { shapedText } from '../probe/config/shaped-text.ts'

/**
 * A container image by registry, repository, and tag or digest. Without a tag, or with `latest`, what runs would be decided by
 * when it was pulled.
 * https://github.com/distribution/reference/blob/main/reference.go has the grammar.
 */
export const Image = shapedText({
  pattern:
    /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)+(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  is: 'an image with its registry and tag such as registry.example.com/privatelink-probe:1.0.0',
  find: "copy it from what `docker push` printed, or from the registry's page",
  slip: given => {
    const tag = /^[^@]*:([\w.-]+)$/.exec(given)?.[1]
    if (tag === 'latest') return `must have a tag that stays, got ${shown(given)}; give a version or a digest`
    if (tag === undefined && !given.includes('@') && /^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+$/.test(given)) {
      return `has neither tag nor digest, got ${shown(given)}; append the version, such as :1.0.0`
    }
    return undefined
  }
})
