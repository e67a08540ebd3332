/** Zilliz Cloud's domain. Its zone is public; a zone below it is, if at all, in a public DNS service. */
export const vendorDomain = 'zillizcloud.com'

/** The domain under which Zilliz Cloud names every cluster; the guide makes a private zone of it. */
export const zillizDomain = `vectordb.${vendorDomain}`
